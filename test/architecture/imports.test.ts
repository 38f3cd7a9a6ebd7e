import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import buildConfig from '../../electron.vite.config.ts';
import { SOURCES } from '../../resources/setup/build.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  type ImportGraph,
  importGraph,
  importsOf,
  leaks,
  refusedImports,
  sourceFiles,
} from './import-graph.ts';
import { isNamed, liesIn } from './import-table.ts';

const ROOT = join(import.meta.dirname, '../..');
const LAYERS = ['src-main', 'src-preload', 'src-renderer'];

/** What is asked of the build's configuration: its entries, absolute paths by name. */
const BuildConfig = z.object({
  main: z.object({
    build: z.object({ rolldownOptions: z.object({ input: z.record(z.string(), z.string()) }) }),
  }),
});

/** What one entry, with all that it imports, may load. */
interface Reach {
  readonly entries: readonly string[];
  /** Places of the project's own. */
  readonly places: readonly string[];
  /** Packages, and modules of Node, that must not be reached, or the only ones that may. */
  readonly packages: { readonly never: readonly string[] } | { readonly only: readonly string[] };
}

const CONTRACT = 'src-preload/contract';
/** The prepared file, and what its unfinished parts are named. */
const PREPARED = ['src-main/data/prepared.ts', 'src-main/data/leftovers.ts'];

function filesIn(folder: string): string[] {
  return sourceFiles(ROOT, [folder]).filter((file) => file.endsWith('.ts'));
}

/** Each process loads what it needs: what is in one of them cannot crash, slow down or swell another. */
const REACH: readonly Reach[] = [
  {
    entries: ['src-main/cli/main.ts'],
    places: [
      CONTRACT,
      'src-preload/rpc',
      'src-renderer/charts',
      'resources/setup/native-report.mjs',
      ...['cli', 'server', 'workbench', 'store', 'analysis', 'study'].map((room) => `src-main/${room}`),
    ],
    packages: { never: ['@tensorflow/*', 'webgpu', 'sharp', 'electron'] },
  },
  {
    // It stands between the window and the host: nothing here takes long.
    entries: ['src-main/desktop/main.ts'],
    places: [CONTRACT, 'src-main/desktop', 'src-main/workbench/home.ts'],
    packages: {
      never: [
        '@tensorflow/*',
        'webgpu',
        'sharp',
        'better-sqlite3',
        'echarts',
        '@resvg/resvg-js',
        'commander',
        'ws',
      ],
    },
  },
  {
    entries: ['src-main/desktop/host-process.ts'],
    places: [
      CONTRACT,
      'src-preload/rpc',
      ...['desktop', 'workbench', 'store', 'analysis', 'study'].map((room) => `src-main/${room}`),
    ],
    packages: { never: ['@tensorflow/*', 'webgpu', 'sharp', 'electron', 'commander', 'ws'] },
  },
  {
    entries: ['src-main/store/log-keeper-worker.ts'],
    places: ['src-main/store'],
    packages: { only: ['better-sqlite3', 'zod', 'node:worker_threads'] },
  },
  {
    entries: ['src-main/store/curve-reader-worker.ts'],
    places: [CONTRACT, 'src-main/store'],
    packages: { never: ['@tensorflow/*', 'webgpu', 'sharp', 'electron', 'echarts', 'commander', 'ws'] },
  },
  {
    entries: ['src-preload/index.ts'],
    places: ['src-preload/index.ts', `${CONTRACT}/channels.ts`],
    packages: { only: ['electron'] },
  },
  {
    entries: ['src-main/data/process.ts', 'src-main/data/preparation-worker.ts'],
    places: [CONTRACT, 'src-main/data'],
    packages: {
      never: [
        '@tensorflow/*',
        'webgpu',
        'better-sqlite3',
        'electron',
        'echarts',
        '@resvg/resvg-js',
        'commander',
      ],
    },
  },
  {
    entries: ['src-main/training/process.ts', 'src-main/training/augmentation-worker.ts'],
    places: [CONTRACT, 'src-main/training', ...PREPARED, 'src-main/data/augmentation'],
    packages: { never: ['sharp', 'better-sqlite3', 'electron', 'echarts', '@resvg/resvg-js', 'commander'] },
  },
  {
    // It starts with every epoch's images: nothing that takes long to load.
    entries: ['src-main/training/augmentation-worker.ts'],
    places: ['src-main/training', 'src-main/data/augmentation', ...PREPARED, CONTRACT],
    packages: { never: ['@tensorflow/*', 'webgpu'] },
  },
  { entries: filesIn(CONTRACT), places: [CONTRACT], packages: { only: ['zod'] } },
  {
    entries: filesIn('src-renderer/charts').filter((file) => !file.endsWith('/headless.ts')),
    places: [CONTRACT, 'src-renderer/charts'],
    packages: { only: ['echarts', 'fast-png', 'zod'] },
  },
  {
    entries: ['src-renderer/main.ts'],
    places: [CONTRACT, 'src-preload/rpc', 'src-renderer'],
    packages: {
      only: [
        '@mdi/js',
        '@msgpack/msgpack',
        'echarts',
        'fast-png',
        'fflate',
        'pinia',
        'vue',
        'vue-echarts',
        'vue-router',
        'vuetify',
        'zod',
      ],
    },
  },
  {
    entries: ['src-renderer/charts/headless.ts'],
    places: [CONTRACT, 'src-renderer/charts'],
    packages: { never: ['@tensorflow/*', 'webgpu', 'sharp', 'better-sqlite3', 'electron', 'commander'] },
  },
];

function isPackage(reached: string): boolean {
  return !/^(src-main|src-preload|src-renderer|resources|test)\/|^package\.json$/.test(reached);
}

function isOutside({ places, packages }: Reach): (reached: string) => boolean {
  return (reached) => {
    if (!isPackage(reached)) {
      const isData = reached.endsWith('.json');
      return !isData && !places.some((place) => liesIn(reached, place));
    }
    return 'never' in packages
      ? packages.never.some((name) => isNamed(reached, name))
      : !packages.only.some((name) => isNamed(reached, name));
  };
}

describe('the import graph', () => {
  const files = sourceFiles(ROOT, LAYERS);
  const graph = importGraph(ROOT, files);

  test('holds every source file', () => {
    expect(files.length).toBeGreaterThan(100);
    expect([...graph.keys()]).toEqual(expect.arrayContaining(files));
  });

  test('has no import that the table of who may import whom refuses', () => {
    expect(refusedImports(graph)).toEqual([]);
  });

  test.each(REACH.flatMap((reach) => reach.entries.map((entry) => ({ entry, reach }))))(
    '$entry loads nothing that is not its own',
    ({ entry, reach }) => {
      expect(graph.has(entry), `${entry} is there`).toBe(true);
      expect(leaks(graph, entry, isOutside(reach))).toEqual([]);
    },
  );

  test('is walked from every entry that the build has', () => {
    const entries = Object.values(BuildConfig.parse(buildConfig).main.build.rolldownOptions.input);
    expect(entries.length).toBeGreaterThan(0);
    const walked = REACH.flatMap((reach) => reach.entries);
    for (const entry of entries) {
      expect(existsSync(entry)).toBe(true);
      expect(walked.map((path) => join(ROOT, path))).toContain(entry);
    }
  });
});

test('the build is made anew for a change of any file that is in it', () => {
  const graph = importGraph(
    ROOT,
    REACH.flatMap(({ entries }) => entries),
  );
  const files = new Set([...graph.values()].flat().map(({ imported }) => imported));
  const own = [...files].filter((file) => !isPackage(file));
  expect(own).toContain('resources/fonts/digits.json');
  expect(own.filter((file) => !SOURCES.some((place) => liesIn(file, place)))).toEqual([]);
});

describe('the walker', () => {
  /** A project in which the terminal door reaches sharp through the workbench, and the contract reaches Node. */
  function leakingGraph(): ImportGraph {
    const root = temporaryFolder();
    const files = {
      'src-main/cli/main.ts': `import { launch } from '../workbench/workbench.ts';\nlaunch();`,
      'src-main/workbench/workbench.ts': `
        import type { Run } from '../../src-preload/contract/run.ts';
        export { list as launch } from '../store/runs.ts';
        export async function preview(): Promise<Run> {
          const { decode } = await import('../data/decode.ts');
          return decode();
        }`,
      'src-main/store/runs.ts': `import Database from 'better-sqlite3';\nexport function list() { return new Database(''); }`,
      'src-main/data/decode.ts': `import sharp from 'sharp';\nexport const decode = sharp;`,
      'src-preload/contract/run.ts': `import { join } from 'node:path';\nexport type Run = ReturnType<typeof join>;`,
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return importGraph(root, ['src-main/cli/main.ts']);
  }

  test('prints the chain by which an entry reaches what it must not load', () => {
    const graph = leakingGraph();
    expect(leaks(graph, 'src-main/cli/main.ts', (reached) => reached === 'sharp')).toEqual([
      'src-main/cli/main.ts → src-main/workbench/workbench.ts → src-main/data/decode.ts → sharp',
    ]);
    expect(leaks(graph, 'src-main/cli/main.ts', (reached) => liesIn(reached, 'src-main/data'))).toEqual([
      'src-main/cli/main.ts → src-main/workbench/workbench.ts → src-main/data/decode.ts',
    ]);
  });

  test('follows no import of types, since it loads nothing', () => {
    const graph = leakingGraph();
    expect(leaks(graph, 'src-main/cli/main.ts', (reached) => reached === 'node:path')).toEqual([]);
    expect(graph.has('src-preload/contract/run.ts')).toBe(true);
  });

  test('tells every import that the table refuses, with its line', () => {
    expect(refusedImports(leakingGraph()).sort()).toEqual([
      'src-main/workbench/workbench.ts:5 imports src-main/data/decode.ts. The workbench starts data and training by their entry files, and knows no door.',
      'src-preload/contract/run.ts:1 imports node:path. The contract imports zod and itself, nothing else: move what it needs into src-preload/contract.',
    ]);
  });

  test('sees every way to load something', () => {
    const text = `
      import './a.ts';
      import type { B } from './b.ts';
      import { type C, d } from '../c.ts';
      export * from '@scope/package/deep';
      export type { E } from 'package/deep';
      type F = import('./f.ts').F;
      const g = await import('node:g');
      const h = requirePackage('h');
      const i = createRequire(import.meta.url)('i');
      new Worker(new URL('./j.ts', import.meta.url));`;
    expect(
      importsOf('src-main/room/file.ts', text).map(({ imported, typeOnly }) => [imported, typeOnly]),
    ).toEqual([
      ['src-main/room/a.ts', false],
      ['src-main/room/b.ts', true],
      ['src-main/c.ts', false],
      ['@scope/package', false],
      ['package', true],
      ['src-main/room/f.ts', true],
      ['node:g', false],
      ['h', false],
      ['i', false],
      ['src-main/room/j.ts', false],
    ]);
  });

  test('does not pass over a file that is not there', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'main.ts'), `import './gone.ts';`);
    expect(() => importGraph(root, ['main.ts'])).toThrow('gone.ts is imported and is not there.');
  });
});
