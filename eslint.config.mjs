import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom. A room not named in `from` of its zone is open to it; each message says where to go instead.
 */
const contract = './src-preload/contract';
const zones = [
  {
    target: contract,
    from: ['./src-main', './src-renderer', './src-preload/rpc'],
    message: 'The contract knows nobody: move what it needs into src-preload/contract.',
  },
  {
    target: './src-preload/rpc',
    from: ['./src-main', './src-renderer'],
    message: 'rpc carries the contract and knows nothing else.',
  },
  ...['data', 'training', 'analysis', 'store'].map((room) => ({
    target: `./src-main/${room}`,
    from: ['./src-main', './src-renderer', './src-preload/rpc'],
    except: [`./${room}`, ...(room === 'training' ? ['./data/prepared.ts', './data/augmentation'] : [])],
    message: `${room} knows nobody but the contract${room === 'training' ? ', data/prepared.ts and data/augmentation' : ''}: pass it in through a message or a parameter.`,
  })),
  {
    target: './src-main/study',
    from: ['./src-main', './src-renderer'],
    except: ['./study', './analysis'],
    message: 'study builds on analysis alone.',
  },
  {
    target: './src-main/workbench',
    from: ['./src-main', './src-renderer'],
    except: ['./workbench', './store', './analysis', './study'],
    message: 'The workbench starts data and training by their entry files and knows no door.',
  },
  ...['cli', 'server', 'desktop'].map((door) => ({
    target: `./src-main/${door}`,
    from: ['./src-main', './src-renderer'],
    except: [`./${door}`, './workbench', ...(door === 'cli' ? ['./charts'] : [])],
    message: 'A door goes through the workbench.',
  })),
  {
    target: './src-renderer',
    from: ['./src-main', './src-preload/rpc/server.ts'],
    message: 'The page reaches the engine through the contract, over rpc/client.',
  },
];

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
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })] },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: fitExcepts(zones) }],
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
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
    files: [`${contract.slice(2)}/**/*.ts`],
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
    files: ['src-main/**/*.ts', 'test/**/*.ts'],
    ignores: ['test/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['*.config.ts', '*.config.mjs'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'import-x/no-default-export': 'off' },
  },
);

/** `except` is relative to each `from`; a zone is split so that every exception meets only the root it lies under. */
function fitExcepts(all) {
  return all.flatMap(({ target, from, except = [], message }) =>
    from.map((root) => ({
      target,
      from: root,
      ...(root === './src-main' ? { except: except.filter((path) => path !== './charts') } : {}),
      ...(root === './src-renderer' && except.includes('./charts') ? { except: ['./charts'] } : {}),
      message,
    })),
  );
}
