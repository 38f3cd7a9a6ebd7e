import { join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, session } from 'electron';
import { UserError } from '../../src-preload/contract/errors.ts';
import { demandAnswerAtOnce, type Home, openHome } from '../workbench/home.ts';
import { confirmEnd, createFolderDialog } from './dialogs.ts';
import { createHost } from './host.ts';
import { menuTemplate } from './menu.ts';
import { answerPages } from './page-calls.ts';
import { registerPageScheme, servePage } from './page-protocol.ts';
import { keepPagesHome, refusePermissions } from './security.ts';
import { createTray } from './tray.ts';
import { openWindow } from './window.ts';

/** What the desktop door is made of: absolute paths, and the environment it was started in. */
export interface DesktopParts {
  /** The built page's folder. */
  readonly page: string;
  /** The built bridge. */
  readonly preload: string;
  /** The built host. */
  readonly host: string;
  /** The folder of icons. */
  readonly icons: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Exit code for what is for the user to mend, as the terminal has it. */
const MEND = 2;

/**
 * Opens the window, and lives as long as it is open or runs go on: a closed window lets them go on, the sign beside the
 * clock and a second start bring it back. Resolves once the window is opened. To be called before the app is ready.
 */
export async function startDesktop(parts: DesktopParts): Promise<void> {
  const home = homeOf(parts.environment);
  if (home === undefined) return;
  // Each data folder has a window of its own, and only one.
  const kept = join(home.folder, 'window');
  app.setPath('userData', kept);
  app.setPath('sessionData', join(kept, 'session'));
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  registerPageScheme();
  app.enableSandbox();
  keepPagesHome();
  await app.whenReady();

  refusePermissions(session.defaultSession);
  servePage(parts.page);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({ isMac: process.platform === 'darwin', isPackaged: app.isPackaged }),
    ),
  );

  let window: BrowserWindow | undefined;
  let isQuitting = false;
  let hasEnded = false;

  const tray = createTray({
    icons: parts.icons,
    show,
    quit() {
      app.quit();
    },
  });
  const folderDialog = createFolderDialog(join(kept, 'opened-folders.json'), (folders) =>
    host.openFolders(folders),
  );
  const host = createHost({
    entry: parts.host,
    folders: () => folderDialog.folders(),
    onWorking(runs) {
      tray.tell(runs);
      endWhereIdle();
    },
    onRefused(message) {
      hasEnded = true;
      dialog.showErrorBox('Layerbench cannot start', message);
      app.exit(MEND);
    },
    // What became of the runs is seen in the window; its page starts the host again.
    onDeath: show,
  });

  function show(): void {
    if (hasEnded) return;
    if (window !== undefined) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return;
    }
    window = openWindow({
      preload: parts.preload,
      icons: parts.icons,
      stateFile: join(kept, 'window.json'),
    });
    window.once('closed', () => {
      window = undefined;
      endWhereIdle();
    });
  }

  /** On a Mac an application goes on without windows. */
  function endWhereIdle(): void {
    if (window === undefined && host.working() === 0 && process.platform !== 'darwin') app.quit();
  }

  async function end(): Promise<void> {
    if (isQuitting) return;
    isQuitting = true;
    try {
      const runs = host.working();
      if (runs > 0 && !(await confirmEnd(runs, window))) return;
      await host.end();
      hasEnded = true;
      app.quit();
    } finally {
      isQuitting = false;
    }
  }

  app.on('before-quit', (event) => {
    if (hasEnded) return;
    event.preventDefault();
    void end();
  });
  // Without a listener, Electron would quit with the last window.
  app.on('window-all-closed', () => undefined);
  app.on('second-instance', show);
  app.on('activate', show);

  answerPages(host, folderDialog, () => window);
  show();
}

/** Undefined where the data folder cannot be used, which is told. */
function homeOf(environment: DesktopParts['environment']): Home | undefined {
  try {
    demandAnswerAtOnce(environment);
    return openHome(environment);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    dialog.showErrorBox('Layerbench cannot start', error.message);
    app.exit(MEND);
    return undefined;
  }
}
