import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

/** Why no folder can hang here; undefined where one can. */
export const NO_HANGING_FOLDER = trial();

function trial(): string | undefined {
  if (process.platform !== 'linux' || !existsSync('/dev/fuse'))
    return 'folders that do not answer are made with FUSE, which is of Linux';
  if (process.getuid?.() !== 0) return 'folders that do not answer are mounted by root alone';
  const device = openSync('/dev/fuse', 'r+');
  try {
    mount('/mnt', device, ['unshare', '--mount']);
    return undefined;
  } catch {
    return 'nothing may be mounted here';
  } finally {
    closeSync(device);
  }
}

/** A folder whose file system answers nobody, as one of a network that is away; it fails once the test has ended. */
export function hangingFolder(): string {
  const folder = temporaryFolder();
  const device = openSync('/dev/fuse', 'r+');
  mount(folder, device);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    closeSync(device);
  });
  return folder;
}

/** The kernel asks whoever has the device open, here somebody who never reads. */
function mount(folder: string, device: number, before: readonly string[] = []): void {
  const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
  const words = [...before, 'mount', '-i', '-t', 'fuse', '-o', options, 'hanging', folder];
  execFileSync('env', words, { stdio: ['ignore', 'ignore', 'ignore', device] });
}
