import { stat } from 'node:fs/promises';
import { type BrowserWindow, dialog } from 'electron';
import { z } from 'zod';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/** The most folders that are remembered; those that were chosen last. */
const MOST_FOLDERS = 200;

const Folders = z.array(z.string());

/** Lets people choose folders, and remembers which. */
export interface FolderDialog {
  /** Every folder that was chosen, the last one first; absolute paths. */
  folders(): readonly string[];
  /** An absolute path; null where none was chosen. */
  choose(window: BrowserWindow): Promise<string | null>;
  /** Takes a folder as if it had been chosen; null of what is none. */
  open(path: string): Promise<string | null>;
}

/**
 * @param file what it remembers lies in.
 * @param onChosen told of all folders whenever one was chosen; the page hears of the choice after that.
 */
export function createFolderDialog(
  file: string,
  onChosen: (folders: readonly string[]) => Promise<void>,
): FolderDialog {
  let folders: readonly string[] = readJsonFile(file, Folders) ?? [];

  async function remember(chosen: string): Promise<string> {
    folders = [chosen, ...folders.filter((folder) => folder !== chosen)].slice(0, MOST_FOLDERS);
    writeJsonFile(file, folders);
    await onChosen(folders);
    return chosen;
  }

  return {
    folders: () => folders,
    async choose(window) {
      const { canceled, filePaths } = await dialog.showOpenDialog(window, {
        title: 'Choose a folder of images, one sub-folder for each class',
        buttonLabel: 'Choose folder',
        properties: ['openDirectory'],
      });
      const [chosen] = filePaths;
      if (canceled || chosen === undefined) return null;
      return remember(chosen);
    },
    async open(path) {
      const isFolder = await stat(path).then(
        (found) => found.isDirectory(),
        () => false,
      );
      return isFolder ? remember(path) : null;
    },
  };
}

/** Asks whether runs that are under way shall be ended. @param window that it belongs to, where there is one. */
export async function confirmEnd(runs: number, window: BrowserWindow | undefined): Promise<boolean> {
  const question = {
    type: 'question' as const,
    message:
      runs === 1 ? 'A run is going on. End it and quit?' : `${runs} runs are going on. End them and quit?`,
    detail: 'What they have done is kept. Close the window instead to let them go on.',
    buttons: ['Let them go on', 'End and quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  };
  const { response } =
    window === undefined
      ? await dialog.showMessageBox(question)
      : await dialog.showMessageBox(window, question);
  return response === 1;
}
