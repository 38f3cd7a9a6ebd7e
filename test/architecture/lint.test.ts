import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** The project's own lint, without the rules that ask for types: samples belong to no program. */
const lint = new ESLint({ cwd: ROOT, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** What lint says to an import in a file that need not be there. */
async function refusals(filePath: string, code: string): Promise<string[]> {
  const [result] = await lint.lintText(code, { filePath: join(ROOT, filePath) });
  const messages = result?.messages ?? [];
  expect(messages.filter(({ fatal }) => fatal === true)).toEqual([]);
  return messages.filter(({ ruleId }) => ruleId === 'layerbench/import-zones').map(({ message }) => message);
}

function named(specifier: string): string {
  return `import { thing } from '${specifier}';\nthing();\n`;
}

describe('lint refuses', () => {
  test.each([
    [
      'src-main/cli/sample.ts',
      '@tensorflow/tfjs-core',
      'Only src-main/training/compute may import @tensorflow/tfjs-core',
    ],
    ['src-main/training/sample.ts', '@tensorflow/tfjs-core', 'Only src-main/training/compute may import'],
    ['src-main/training/network/sample.ts', 'webgpu', 'Only src-main/training/compute may import webgpu'],
    ['src-main/workbench/sample.ts', 'sharp', 'Only src-main/data may import sharp'],
    ['src-renderer/charts/headless.ts', 'sharp', 'Only src-main/data may import sharp'],
    ['src-main/workbench/sample.ts', 'better-sqlite3', 'Only src-main/store may import better-sqlite3'],
    [
      'src-main/server/sample.ts',
      'electron',
      'Only src-main/desktop and src-preload/index.ts may import electron',
    ],
    ['src-preload/rpc/sample.ts', 'electron/renderer', 'rpc carries the contract and knows nothing else'],
    ['src-renderer/sample.ts', 'electron', 'Only src-main/desktop and src-preload/index.ts may'],
    ['src-preload/rpc/sample.ts', 'ws', 'rpc carries the contract and knows nothing else'],
    ['src-main/workbench/sample.ts', 'ws', 'Only src-main/server may import ws'],
    ['src-main/cli/sample.ts', '../server/http.ts', 'A door goes through the workbench'],
    ['src-preload/contract/sample.ts', 'node:path', 'The contract imports zod and itself, nothing else'],
    ['src-preload/contract/sample.ts', 'nanoid', 'The contract imports zod and itself, nothing else'],
    [
      'src-preload/contract/sample.ts',
      '../rpc/client.ts',
      'The contract imports zod and itself, nothing else',
    ],
    ['src-main/data/sample.ts', '../store/runs.ts', 'data knows nobody but the contract'],
    ['src-main/data/sample.ts', '../training/random.ts', 'data knows nobody but the contract'],
    ['src-main/store/sample.ts', '../analysis/statistics.ts', 'store knows nobody but the contract'],
    ['src-main/analysis/sample.ts', '../store/runs.ts', 'analysis knows nobody but the contract'],
    ['src-main/training/sample.ts', '../data/health.ts', 'training knows the contract, data/prepared.ts and'],
    [
      'src-main/training/compute/sample.ts',
      '../../store/runs.ts',
      'training knows the contract, data/prepared.ts',
    ],
    ['src-main/study/sample.ts', '../workbench/workbench.ts', 'study builds on analysis alone'],
    [
      'src-main/workbench/sample.ts',
      '../data/partition.ts',
      'The workbench starts data and training by their entry',
    ],
    [
      'src-main/workbench/sample.ts',
      '../training/trainer.ts',
      'The workbench starts data and training by their',
    ],
    ['src-main/workbench/sample.ts', '../cli/terminal.ts', 'The workbench starts data and training by their'],
    ['src-main/cli/sample.ts', '../store/runs.ts', 'A door goes through the workbench'],
    ['src-main/cli/sample.ts', '../../src-renderer/charts/csv.ts', 'A door goes through the workbench'],
    ['src-main/server/sample.ts', '../cli/terminal.ts', 'A door goes through the workbench'],
    [
      'src-main/desktop/sample.ts',
      '../../src-renderer/charts/headless.ts',
      'A door goes through the workbench',
    ],
    [
      'src-renderer/pages/sample.ts',
      '../../src-main/store/runs.ts',
      'The page reaches the engine through the contract',
    ],
    [
      'src-renderer/pages/sample.ts',
      '../../src-preload/rpc/server.ts',
      'The page reaches the engine through the',
    ],
    [
      'src-renderer/pages/sample.ts',
      '../charts/headless.ts',
      'The page reaches the engine through the contract',
    ],
    ['src-renderer/charts/sample.ts', './headless.ts', 'Charts are pure'],
    ['src-renderer/charts/sample.ts', 'node:fs', 'Charts are pure'],
    ['src-renderer/charts/sample.ts', '../pages/page.ts', 'Charts are pure'],
    ['src-preload/index.ts', './rpc/client.ts', 'The bridge hands the page its port'],
    ['src-main/cli/sample.ts', '../../test/support/command.ts', 'Tests know the product'],
  ])('in %s an import of %s', async (file, specifier, message) => {
    const said = await refusals(file, named(specifier));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(message);
  });

  test.each([
    `import type { Thing } from 'sharp';\nexport type One = Thing;`,
    `export type One = import('sharp').Sharp;`,
    `export * from 'sharp';`,
    `export { thing } from 'sharp';`,
    `const thing = await import('sharp');\nthing.call();`,
    `const thing = requirePackage('sharp');\nthing.call();`,
    `const thing = createRequire(import.meta.url)('sharp');\nthing.call();`,
  ])('every way to import: %s', async (code) => {
    expect(await refusals('src-main/cli/sample.ts', code)).toEqual(['Only src-main/data may import sharp.']);
  });
});

describe('lint lets pass', () => {
  test.each([
    ['src-main/training/compute/sample.ts', '@tensorflow/tfjs-core'],
    ['src-main/training/compute/rungs/sample.ts', 'webgpu'],
    ['src-main/data/preparation/sample.ts', 'sharp'],
    ['src-main/store/migrations/sample.ts', 'better-sqlite3'],
    ['src-main/desktop/sample.ts', 'electron'],
    ['src-preload/index.ts', 'electron'],
    ['src-preload/index.ts', './contract/channels.ts'],
    ['src-preload/contract/sample.ts', 'zod'],
    ['src-preload/contract/sample.ts', './errors.ts'],
    ['src-main/data/sample.ts', '../../src-preload/contract/run.ts'],
    ['src-main/training/sample.ts', '../data/prepared.ts'],
    ['src-main/training/sample.ts', '../data/augmentation/augment.ts'],
    ['src-main/study/sample.ts', '../analysis/statistics.ts'],
    ['src-main/workbench/sample.ts', '../store/runs.ts'],
    ['src-main/cli/sample.ts', '../workbench/workbench.ts'],
    ['src-main/cli/sample.ts', '../../src-renderer/charts/headless.ts'],
    ['src-main/server/sample.ts', '../../src-preload/rpc/server.ts'],
    ['src-main/server/sample.ts', 'ws'],
    ['src-main/cli/sample.ts', '../server/main.ts'],
    ['src-preload/rpc/sample.ts', '@msgpack/msgpack'],
    ['src-renderer/pages/sample.ts', '../../src-preload/rpc/web-socket.ts'],
    ['src-renderer/pages/sample.ts', '../../src-preload/rpc/client.ts'],
    ['src-renderer/pages/sample.ts', '../charts/curves.ts'],
    ['src-renderer/charts/sample.ts', 'echarts/core'],
    ['src-renderer/charts/headless.ts', 'node:fs'],
    ['test/unit/sample.test.ts', '../../src-main/store/runs.ts'],
  ])('in %s an import of %s', async (file, specifier) => {
    expect(await refusals(file, named(specifier))).toEqual([]);
  });
});
