import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** A disk of its own for a test. */
export interface SmallDisk {
  readonly folder: string;
  /** Lets nothing more be written, or lets it again. */
  setReadOnly(isReadOnly: boolean): void;
}

/** Why there are no small disks here; undefined where there are. */
export const NO_SMALL_DISK = trial();

function trial(): string | undefined {
  if (process.platform !== 'linux') return 'small disks are made with tmpfs, which is of Linux';
  if (process.getuid?.() !== 0) return 'small disks are mounted by root alone';
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/mnt'], {
      stdio: 'ignore',
    });
    return undefined;
  } catch {
    return 'nothing may be mounted here';
  }
}

/** A disk of so many bytes, gone when the test ends. */
export function smallDisk(bytes: number): SmallDisk {
  const folder = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
  });
  return {
    folder,
    setReadOnly(isReadOnly) {
      execFileSync('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder]);
    },
  };
}
