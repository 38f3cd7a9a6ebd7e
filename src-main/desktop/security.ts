import { app, type Session, type WebFrameMain, type WebPreferences } from 'electron';
import { isPageAddress } from './page-protocol.ts';

/** How far a page is kept from everything else: each line is Electron's default today, and stays true tomorrow. */
export const PAGE_PREFERENCES = {
  // The bridge's variables are out of the page's reach.
  contextIsolation: true,
  // The page's process may ask the system for nothing.
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  // The bridge is for the page itself, not for what it might frame.
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  webviewTag: false,
  // A file that is dropped beside its field must not replace the page.
  navigateOnDragDrop: false,
  // It would fetch dictionaries.
  spellcheck: false,
} as const satisfies WebPreferences;

/** The one thing that a page may ask for: putting text into the clipboard, to copy a command line. */
const PERMITTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Keeps every page where it is: nothing else is opened in a window, in a new one, or within one. */
export function keepPagesHome(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isPageAddress(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      // The page has no frames.
      if (!event.isMainFrame || !isPageAddress(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isPageAddress(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => {
      event.preventDefault();
    });
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** Refuses what pages may ask of the machine: camera, place, notifications, devices and all the rest. */
export function refusePermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(isPermitted(permission, contents.getURL()));
  });
  session.setPermissionCheckHandler((contents, permission) =>
    isPermitted(permission, contents?.getURL() ?? ''),
  );
  session.setDevicePermissionHandler(() => false);
}

/** Whether a message comes from the page itself: its own address, in a window's own frame. */
export function isOwnPage(frame: WebFrameMain | null): frame is WebFrameMain {
  return frame !== null && frame.parent === null && isPageAddress(frame.url);
}

function isPermitted(permission: string, address: string): boolean {
  return PERMITTED.has(permission) && isPageAddress(address);
}
