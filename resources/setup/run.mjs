// @ts-check
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/**
 * Runs a program with the project's own programs first on its path, and gives its exit code (128 + the number of the
 * signal that ended it, as shells have it).
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ root: string, stdout: 'inherit' | 'to-stderr' | 'ignore', cwd?: string }} options
 * @returns {Promise<number>}
 */
export function run(program, args, { root, stdout, cwd }) {
  const child = spawn(program, args, {
    stdio: ['inherit', stdout === 'to-stderr' ? 2 : stdout, 'inherit'],
    ...spawnOptions(program, root, cwd),
  });
  return ended(child);
}

/**
 * Runs a program in silence, and gives its exit code and what it wrote to standard error.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ root: string, cwd?: string, limitMs?: number }} options `limitMs` after which it is ended
 * @returns {Promise<{ code: number, errors: string }>}
 */
export async function runSilently(program, args, { root, cwd, limitMs }) {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...spawnOptions(program, root, cwd),
    ...(limitMs === undefined ? {} : { timeout: limitMs }),
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (piece) => (errors += piece));
  const code = await ended(child);
  return { code, errors };
}

/**
 * @param {string} program
 * @param {string} root
 * @param {string | undefined} cwd
 */
function spawnOptions(program, root, cwd) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return {
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32' && program.endsWith('.cmd'),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/**
 * The exit code of a process, once it has ended and all that it wrote has come.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function ended(child) {
  // A terminal sends Ctrl-C to the child as well: it decides what that means, and this process waits for it.
  const ignore = () => undefined;
  const forward = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9));
    });
  }).finally(() => {
    process.off('SIGINT', ignore);
    process.off('SIGTERM', forward);
  });
}
