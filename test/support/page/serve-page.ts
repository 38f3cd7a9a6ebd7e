import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../../out/main/cli.js');

/** The built product serving its page, in a process of its own. */
export interface ServedPage {
  /** What lets a browser in. */
  readonly link: string;
  readonly process: ChildProcess;
  /** All that it said on standard error so far. */
  readonly said: () => string;
  /** Ends it tidily; resolves when it has ended. */
  close(): Promise<void>;
}

/** Starts the server on any free port. @param home the data folder. @param options of the command. */
export function servePage(
  home: string,
  environment: NodeJS.ProcessEnv = {},
  options: readonly string[] = [],
): Promise<ServedPage> {
  const child = spawn(process.execPath, [CLI, 'serve', '--port=0', ...options], {
    env: { ...process.env, ...environment, LAYERBENCH_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`The server ended with ${code} before it listened: ${err}`));
    });
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const link = /http:\S+/.exec(out)?.[0];
      if (link === undefined) return;
      resolve({
        link,
        process: child,
        said: () => err,
        async close() {
          child.kill('SIGINT');
          await ended;
        },
      });
    });
  });
}
