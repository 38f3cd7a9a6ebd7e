import { posix, relative } from 'node:path';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom among the project's own folders: files under `target` may import, of everything under src-*,
 * only what lies under `allow`. The message says where to go instead.
 */
const contract = 'src-preload/contract';
const ZONES = [
  {
    target: contract,
    allow: [contract],
    message: 'The contract knows nobody: move what it needs into src-preload/contract.',
  },
  {
    target: 'src-preload/rpc',
    allow: [contract, 'src-preload/rpc'],
    message: 'rpc carries the contract and knows nothing else.',
  },
  ...['data', 'analysis', 'store'].map((room) => ({
    target: `src-main/${room}`,
    allow: [contract, `src-main/${room}`],
    message: `${room} knows nobody but the contract: pass it in through a message or a parameter.`,
  })),
  {
    target: 'src-main/training',
    allow: [contract, 'src-main/training', 'src-main/data/prepared.ts', 'src-main/data/augmentation'],
    message: 'training knows the contract, data/prepared.ts and data/augmentation, nobody else.',
  },
  {
    target: 'src-main/study',
    allow: [contract, 'src-main/study', 'src-main/analysis'],
    message: 'study builds on analysis alone.',
  },
  {
    target: 'src-main/workbench',
    allow: [
      contract,
      'src-preload/rpc',
      ...['workbench', 'store', 'analysis', 'study'].map((room) => `src-main/${room}`),
    ],
    message: 'The workbench starts data and training by their entry files, and knows no door.',
  },
  ...['cli', 'server', 'desktop'].map((door) => ({
    target: `src-main/${door}`,
    allow: [
      contract,
      'src-preload/rpc',
      `src-main/${door}`,
      'src-main/workbench',
      ...(door === 'cli' ? ['src-renderer/charts'] : []),
    ],
    message: 'A door goes through the workbench.',
  })),
  {
    target: 'src-renderer',
    allow: [contract, 'src-preload/rpc/client.ts', 'src-renderer'],
    message: 'The page reaches the engine through the contract, over rpc/client.',
  },
];

/** @type {import('eslint').Rule.RuleModule} */
const importZones = {
  meta: { type: 'problem', schema: [], messages: { zone: '{{message}}' } },
  create(context) {
    const file = relative(import.meta.dirname, context.filename).replaceAll('\\', '/');
    const zone = ZONES.find(({ target }) => lies(file, target));
    function check(node) {
      const source = node.source?.value;
      if (zone === undefined || typeof source !== 'string' || !source.startsWith('.')) return;
      const imported = posix.normalize(posix.join(posix.dirname(file), source));
      if (!imported.startsWith('src-') || zone.allow.some((place) => lies(imported, place))) return;
      context.report({ node, messageId: 'zone', data: { message: zone.message } });
    }
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

function lies(file, place) {
  return file === place || file.startsWith(`${place}/`);
}

/** Packages that only one room may import. */
const PACKAGES = [
  { packages: ['electron'], only: ['src-main/desktop/**', 'src-preload/index.ts'] },
  { packages: ['@tensorflow/*', 'webgpu'], only: ['src-main/training/compute/**'] },
  { packages: ['sharp'], only: ['src-main/data/**', 'src-renderer/charts/headless.ts'] },
  { packages: ['better-sqlite3'], only: ['src-main/store/**'] },
];

function packagePatterns(owned) {
  return PACKAGES.filter(({ only }) => !only.some((place) => owned.includes(place))).map(
    ({ packages, only }) => ({
      group: packages.flatMap((name) => [name, `${name}/**`]),
      message: `Only ${only.join(' and ')} may import this.`,
    }),
  );
}

const everyOwner = PACKAGES.flatMap(({ only }) => only);

export default tseslint.config(
  { ignores: ['out/', 'node_modules/', 'coverage/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { layerbench: { rules: { 'import-zones': importZones } } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'layerbench/import-zones': 'error',
      'no-restricted-syntax': ['error', { selector: 'ExportDefaultDeclaration', message: 'Export by name.' }],
      'func-style': ['error', 'declaration'],
    },
  },
  {
    files: ['src-*/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: packagePatterns([]) }] },
  },
  ...everyOwner.map((place) => ({
    files: [place],
    rules: { 'no-restricted-imports': ['error', { patterns: packagePatterns([place]) }] },
  })),
  {
    files: [`${contract}/**/*.ts`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(?!zod$|\\./)', message: 'The contract imports zod and itself, nothing else.' },
          ],
        },
      ],
    },
  },
  {
    files: ['src-main/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['*.config.ts', '*.config.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
