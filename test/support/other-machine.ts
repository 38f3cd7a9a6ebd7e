import { execFileSync } from 'node:child_process';
import { command, type CommandOptions, type CommandResult } from './command.ts';

/** Why no process can be of another machine here; undefined where one can. */
export const NO_OTHER_MACHINE = trial();

const OTHER = ['unshare', '--uts', 'sh', '-c', 'hostname another-machine && exec "$@"', 'sh'];

function trial(): string | undefined {
  if (process.platform !== 'linux') return 'a machine of another name is made with a namespace of Linux';
  try {
    execFileSync('unshare', ['--uts', 'hostname', 'another-machine'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no process may be given another name of its machine here';
  }
}

/** Runs the built terminal door as it runs on a machine of another name that shares the data folder. */
export function onOtherMachine(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return command(args, { ...options, before: OTHER });
}
