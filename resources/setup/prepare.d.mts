import type { build } from './build.d.mts';
import type { install } from './install.d.mts';
import type { provideNative } from './native-library.d.mts';

/** What can be done first. */
export interface Steps {
  readonly install: typeof install;
  readonly provideNative: typeof provideNative;
  readonly build: typeof build;
}

/** Whether nothing has to be done before a command runs. @param built whether it needs the built product. */
export function isReady(root: string, built: boolean): boolean;

/** Does what has to be done before a command runs, and nothing that is done already. One process at a time does it. */
export function prepare(
  root: string,
  built: boolean,
  say: (line: string) => void,
  steps?: Steps,
): Promise<void>;
