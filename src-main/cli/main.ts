#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import packageFile from '../../package.json' with { type: 'json' };
import { UserError } from '../../src-preload/contract/errors.ts';
import { commandFault } from './command-fault.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit-code.ts';
import { Interrupted } from './interruption.ts';
import { createProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal();
const isScript = process.env['npm_lifecycle_event'] !== undefined;
// npm runs a script in the package's folder; paths are meant from where it was typed.
const typedIn = process.env['INIT_CWD'];
if (isScript && typedIn !== undefined && existsSync(typedIn)) process.chdir(typedIn);

const context: Context = {
  terminal,
  entries: {
    data: join(import.meta.dirname, 'data-process.js'),
    training: join(import.meta.dirname, 'training-process.js'),
    logKeeper: join(import.meta.dirname, 'log-keeper-worker.js'),
    curveReader: join(import.meta.dirname, 'curve-reader-worker.js'),
  },
  fonts: join(import.meta.dirname, '../../resources/fonts'),
  page: join(import.meta.dirname, '../renderer'),
  appVersion: packageFile.version,
  program: isScript ? 'npm run layerbench --' : 'layerbench',
  environment: process.env,
  exit(code) {
    process.exitCode = code;
  },
};

for (const { stream } of [terminal.out, terminal.err]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read the output has left, as `head` does; what is under way goes on.
    if (error.code !== 'EPIPE') throw error;
  });
}

const program = createProgram(context);
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** Tells what went wrong, without a stack trace where the reader can mend it. */
function tell(error: unknown): number {
  const { err } = terminal;
  if (error instanceof Interrupted) return error.exitCode;
  const name = err.paint('red', 'layerbench:');
  if (error instanceof UserError) {
    err.line(`${name} ${error.message}`);
    return EXIT.mend;
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // The library has written the help itself.
    if (error.code !== 'commander.help')
      err.line(`${name} ${commandFault(error, program, process.argv.slice(2))}`);
    return EXIT.mend;
  }
  err.line(`${name} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return EXIT.failed;
}
