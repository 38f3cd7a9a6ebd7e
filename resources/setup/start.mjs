// @ts-check
import { join } from 'node:path';
import { provideElectron, whyNoWindow } from './electron-binary.mjs';
import { run } from './run.mjs';

/**
 * Opens the workbench in its window; where that is not possible it says why, in one sentence, and serves it to a
 * browser.
 * @param {string} root
 * @param {string} node path of the Node that serves
 * @param {readonly string[]} args for the server, where it is one
 * @param {(line: string) => void} say
 * @returns {Promise<number>} exit code
 */
export async function start(root, node, args, say) {
  const system = { platform: process.platform, environment: process.env, userId: process.getuid?.() };
  const reason = whyNoWindow(system);
  const electron = reason === undefined ? await provideElectron(root, node, say) : { reason };
  if ('program' in electron) {
    // Its own messages to developers are not for standard output.
    const code = await run(electron.program, [root], { root, stdout: 'to-stderr' });
    // What was wrong with the data folder stands in a dialog; a signal ends everything.
    if (code <= 2 || code === 130 || code === 143) return code;
    say(`The window ended (code ${code}); the workbench is served to your browser.`);
  } else {
    say(`No window: ${electron.reason.replace(/\.$/, '')}; the workbench is served to your browser.`);
  }
  const serve = [join(root, 'out/main/cli.js'), 'serve', '--open', ...args];
  return run(node, ['--disable-warning=ExperimentalWarning', ...serve], { root, stdout: 'inherit' });
}
