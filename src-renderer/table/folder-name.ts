/** The last name of a folder's path: what leaves the machine tells nothing of where it lies there. */
export function folderName(path: string): string {
  return path.split(/[/\\]/).findLast((name) => name !== '') ?? '';
}
