/** Why the system does not give a file or folder, as one sentence; undefined of an error that is not the system's. */
export function systemReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'ELOOP':
      return 'It is a link that leads in a circle.';
    case 'ENOENT':
      return 'It is no longer there.';
    case 'EACCES':
    case 'EPERM':
      return 'It may not be read.';
    default:
      return `It cannot be read (${String(error.code)}).`;
  }
}
