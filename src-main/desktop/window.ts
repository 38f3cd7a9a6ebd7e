import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { readJsonFile, writeJsonFile } from './json-file.ts';
import { PAGE_ADDRESS } from './page-protocol.ts';
import { PAGE_PREFERENCES } from './security.ts';
import { boundsOn, WindowState } from './window-state.ts';

/** What a window is opened with: absolute paths. */
export interface WindowOptions {
  /** The built bridge. */
  readonly preload: string;
  /** The folder of icons. */
  readonly icons: string;
  /** What its size and place are kept in. */
  readonly stateFile: string;
}

/** Milliseconds within which a page that breaks twice is not loaded again. */
const BREAKS_APART_MS = 10_000;

/** Opens the window, where it was the last time; it shows once its page is drawn. */
export function openWindow({ preload, icons, stateFile }: WindowOptions): BrowserWindow {
  const state = readJsonFile(stateFile, WindowState);
  const window = new BrowserWindow({
    ...boundsOn(
      state,
      screen.getAllDisplays().map(({ workArea }) => workArea),
    ),
    minWidth: 480,
    minHeight: 400,
    title: 'Layerbench',
    icon: join(icons, 'icon.png'),
    // What is seen before the page has drawn anything.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#121212' : '#ffffff',
    show: false,
    webPreferences: { ...PAGE_PREFERENCES, preload },
  });
  if (state?.isMaximized === true) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', () => {
    writeJsonFile(stateFile, {
      ...window.getNormalBounds(),
      isMaximized: window.isMaximized(),
    } satisfies WindowState);
  });
  let brokeAt = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now();
    if (reason === 'clean-exit' || now - brokeAt < BREAKS_APART_MS) return;
    brokeAt = now;
    window.webContents.reload();
  });
  // What fails to load is seen in the window itself.
  window.loadURL(PAGE_ADDRESS).catch(() => undefined);
  return window;
}
