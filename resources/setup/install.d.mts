/** Whether node_modules is missing, or not what the lock file names. */
export function installIsStale(root: string): boolean;

/** Installs exactly what the lock file names, without running any package's scripts. */
export function install(root: string, say: (line: string) => void): Promise<void>;

/** Program and first arguments that npm is run by: the one that started this process where there is one. */
export function npm(): [string, string[]];
