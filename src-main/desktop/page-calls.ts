import { isAbsolute } from 'node:path';
import { type BrowserWindow, ipcMain } from 'electron';
import { z } from 'zod';
import { CHOOSE_FOLDER, OPEN_DROPPED, REQUEST_PORT } from '../../src-preload/contract/channels.ts';
import type { FolderDialog } from './dialogs.ts';
import type { Host } from './host.ts';
import { isOwnPage } from './security.ts';

const NoArguments = z.tuple([]);
const OnePath = z.tuple([z.string().max(32_768).refine(isAbsolute)]);

/**
 * Answers what the bridge asks for; everything else goes over the port, to the host.
 * @param ownWindow the window that is open.
 */
export function answerPages(
  host: Host,
  folderDialog: FolderDialog,
  ownWindow: () => BrowserWindow | undefined,
): void {
  ipcMain.on(REQUEST_PORT, ({ sender, senderFrame }, ...given) => {
    if (!isOwnPage(senderFrame) || !NoArguments.safeParse(given).success) return;
    host.connect(sender.id, senderFrame);
  });
  ipcMain.handle(CHOOSE_FOLDER, ({ senderFrame }, ...given) => {
    if (!isOwnPage(senderFrame)) throw new Error('Only the page itself may ask for a folder.');
    NoArguments.parse(given);
    const window = ownWindow();
    return window === undefined ? null : folderDialog.choose(window);
  });
  ipcMain.handle(OPEN_DROPPED, ({ senderFrame }, ...given) => {
    if (!isOwnPage(senderFrame)) throw new Error('Only the page itself may open a folder.');
    const [path] = OnePath.parse(given);
    return folderDialog.open(path);
  });
}
