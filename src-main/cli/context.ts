import type { Entries } from '../workbench/workbench.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface Context {
  readonly terminal: Terminal;
  /** Absolute paths of the built programs of processes and threads. */
  readonly entries: Entries;
  /** Absolute path of the folder of fonts that charts are drawn with. */
  readonly fonts: string;
  /** Absolute path of the folder of the built page. */
  readonly page: string;
  readonly appVersion: string;
  /** What a command line begins with as this one was started, for the commands that are proposed. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Says how the process is to end; done (0) where nothing is said. */
  readonly exit: (code: number) => void;
}
