/** What a disk can refuse. */
export type DiskFault = 'full' | 'read-only' | 'gone' | 'broken' | 'held';

const FAULTS: Readonly<Record<string, DiskFault>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  SQLITE_FULL: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  SQLITE_READONLY: 'read-only',
  SQLITE_PERM: 'read-only',
  ENOENT: 'gone',
  SQLITE_CANTOPEN: 'gone',
  EIO: 'broken',
  ESTALE: 'broken',
  ETIMEDOUT: 'broken',
  SQLITE_IOERR: 'broken',
  SQLITE_CORRUPT: 'broken',
  SQLITE_BUSY: 'held',
};

const WORDS: Readonly<Record<DiskFault, string>> = {
  full: 'the disk is full',
  'read-only': 'nothing may be written there',
  gone: 'it is no longer there',
  broken: 'the disk does not answer as it should',
  held: 'another process has held it for too long',
};

/** What a disk refused, by the code of an error of Node or SQLite; undefined of any other error. */
export function diskFault(error: unknown): DiskFault | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  // SQLite says more behind its first word: SQLITE_IOERR_WRITE.
  return FAULTS[code] ?? FAULTS[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? ''];
}

/** The words for it, to stand behind a colon or in brackets. */
export function diskFaultWords(fault: DiskFault): string {
  return WORDS[fault];
}
