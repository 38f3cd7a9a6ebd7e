import { spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '../../out/main/cli.js');

/** What a command of the terminal gave. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Options of one command. */
export interface CommandOptions {
  /** The data folder. */
  readonly home: string;
  /** Told of every piece of standard error, with what ends the process by a signal. */
  readonly onError?: (text: string, signal: (name: NodeJS.Signals) => void) => void;
  /** A command, with its arguments, that runs it. */
  readonly before?: readonly string[];
  /** Beside that of this process. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs the built terminal door in a process of its own. */
export function command(
  args: readonly string[],
  { home, onError, before = [], environment = {} }: CommandOptions,
): Promise<CommandResult> {
  const [program = '', ...words] = [...before, process.execPath, CLI, ...args];
  const child = spawn(program, words, {
    env: { ...process.env, ...environment, LAYERBENCH_HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    onError?.(chunk.toString(), (name) => child.kill(name));
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, out, err });
    });
  });
}

/** The JSON objects of lines. */
export function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
