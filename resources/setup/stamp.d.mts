/** Whether a stamp file holds exactly this text. */
export function stampIs(file: string, text: string): boolean;

/** Writes a stamp file, and the folders it lies in. */
export function writeStamp(file: string, text: string): void;

/** A hash of the contents of files; one that is not there counts as empty. */
export function contentsHash(files: readonly string[]): string;

/** A hash of the names, sizes and times of change of all files under folders, which are relative to the root. */
export function listingHash(root: string, folders: readonly string[]): string;
