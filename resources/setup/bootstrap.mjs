// @ts-check
/**
 * Stands in front of every npm script, so that each works as the first command on a clean clone: installs what the
 * lock file names, provides the native library, builds what is stale, and runs the command on the right Node. What is
 * done already is seen by hashes and file times alone. All it says goes to standard error: standard output is the
 * command's.
 *
 * Usage: `node resources/setup/bootstrap.mjs <script> [arguments…]`
 */
import { join } from 'node:path';
import { nodeFor } from './node-version.mjs';
import { prepare } from './prepare.mjs';
import { run } from './run.mjs';
import { start } from './start.mjs';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'node_modules');

/** What each script runs, on Node, and whether it needs the built product. */
const SCRIPTS = {
  // The window, or else a server: see there.
  start: { arguments: [], built: true },
  layerbench: { arguments: [join(root, 'out/main/cli.js')], built: true },
  test: { arguments: [join(bin, 'vitest/vitest.mjs'), 'run'], built: true },
  bench: { arguments: [join(root, 'test/bench/bench.ts')], built: true },
  package: { arguments: [join(root, 'resources/packaging/package.ts')], built: true },
  screenshots: { arguments: [join(root, 'test/screenshots/take-screenshots.ts')], built: true },
  typecheck: { arguments: [join(bin, 'vue-tsc/bin/vue-tsc.js'), '--build', root], built: false },
  lint: { arguments: [join(bin, 'eslint/bin/eslint.js'), root], built: false },
  format: { arguments: [join(bin, 'prettier/bin/prettier.cjs'), '--write', root], built: false },
  'format-check': { arguments: [join(bin, 'prettier/bin/prettier.cjs'), '--check', root], built: false },
  build: { arguments: ['-e', ''], built: true },
};

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}

const [name = '', ...rest] = process.argv.slice(2);
const script = Object.entries(SCRIPTS).find(([known]) => known === name)?.[1];
if (script === undefined) {
  say(`There is no script ${name}. Those that are: ${Object.keys(SCRIPTS).join(', ')}.`);
  process.exit(2);
}

try {
  await prepare(root, script.built, say);
  const node = nodeFor(root);
  process.exitCode =
    name === 'start'
      ? await start(root, node, rest, say)
      : await run(node, ['--disable-warning=ExperimentalWarning', ...script.arguments, ...rest], {
          root,
          stdout: 'inherit',
        });
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
