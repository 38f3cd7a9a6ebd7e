/**
 * A double of what the desktop door uses of Electron: the real code, bridge and page run on it in a real browser, with
 * the host in a real process. What belongs to the system alone (a frame, a menu, dialogs) is only noted.
 */
import { type BrowserWindow, windows } from './browser-window.ts';
import { app, defaultSession, dialog, ipcMain } from './modules.ts';
import { utilityProcesses, UtilityProcess } from './utility-process.ts';

export { BrowserWindow, windows, closeBrowser } from './browser-window.ts';
export { app, defaultSession, dialog, ipcMain, Menu, nativeImage, nativeTheme } from './modules.ts';
export { PERMISSIONS, protocol, screen, Tray } from './modules.ts';
export { MessageChannelMain } from './ports.ts';
export { utilityProcesses } from './utility-process.ts';

export const session = { defaultSession };
export const utilityProcess = { fork: (entry: string) => new UtilityProcess(entry) };

/** A fresh application, as after its program was started. */
export function beginApplication(): void {
  app.begin();
  ipcMain.forgetAll();
  dialog.begin();
  app.closeWindows = () => {
    for (const window of [...windows]) window.close();
  };
}

/** Ends whatever a test has left: windows, and processes at once. */
export async function endApplication(): Promise<void> {
  app.forgetAll();
  for (const window of [...windows]) window.close();
  await Promise.all(app.closing);
  const exits = [...utilityProcesses].map(
    (one) =>
      new Promise((resolve) => {
        one.forgetAll();
        one.once('exit', resolve);
        one.kill();
      }),
  );
  await Promise.all(exits);
}

/** The only window that is open, with its page loaded. */
export async function openedWindow(): Promise<BrowserWindow> {
  const [window, ...others] = windows;
  if (window === undefined || others.length > 0) throw new Error(`${windows.size} windows are open.`);
  await window.loaded;
  return window;
}
