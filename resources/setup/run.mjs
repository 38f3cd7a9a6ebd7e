// @ts-check
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

/**
 * Runs a program with the project's own programs first on its path, and gives its exit code (128 + the number of the
 * signal that ended it, as shells have it).
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ root: string, stdout: 'inherit' | 'to-stderr', cwd?: string, timeoutMs?: number }} options
 * @returns {Promise<number>}
 */
export function run(program, args, { root, stdout, cwd, timeoutMs }) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const child = spawn(program, args, {
    stdio: ['inherit', stdout === 'inherit' ? 'inherit' : 2, 'inherit'],
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32' && program.endsWith('.cmd'),
    ...(cwd === undefined ? {} : { cwd }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
  });
  // A terminal sends Ctrl-C to the child as well: it decides what that means, and this process waits for it.
  const ignore = () => undefined;
  const forward = () => child.kill('SIGTERM');
  process.on('SIGINT', ignore);
  process.on('SIGTERM', forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore);
      process.off('SIGTERM', forward);
      resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : signal === 'SIGTERM' ? 15 : 9));
    });
  });
}
