/**
 * Who may import whom, once: lint refuses what this table does not allow, file by file, and the test of the import graph
 * holds every file and every entry against it.
 */

const CONTRACT = 'src-preload/contract';
const HEADLESS = 'src-renderer/charts/headless.ts';

/** What the files of one place may import of the project's own. Places are folders or files. */
export interface Zone {
  readonly place: string;
  /** Places under `src-*` that may be imported; all others may not. */
  readonly allow: readonly string[];
  /** Places under those that may not. */
  readonly except?: readonly string[];
  /** The only packages, and modules of Node, that may be imported; undefined: all but those with an owner. */
  readonly packages?: readonly string[];
  /** Where to go instead. */
  readonly message: string;
}

/** A file stands in the first zone that it lies in. */
export const ZONES: readonly Zone[] = [
  {
    place: CONTRACT,
    allow: [CONTRACT],
    packages: ['zod'],
    message:
      'The contract imports zod and itself, nothing else: move what it needs into src-preload/contract.',
  },
  {
    place: 'src-preload/rpc',
    allow: [CONTRACT, 'src-preload/rpc'],
    packages: ['zod', '@msgpack/msgpack'],
    message: 'rpc carries the contract and knows nothing else.',
  },
  {
    place: 'src-preload/index.ts',
    allow: [`${CONTRACT}/channels.ts`],
    packages: ['electron'],
    message: 'The bridge hands the page its port and knows the names of the channels, nothing else.',
  },
  ...['data', 'analysis', 'store'].map((room) => ({
    place: `src-main/${room}`,
    allow: [CONTRACT, `src-main/${room}`],
    message: `${room} knows nobody but the contract: pass it in through a message or a parameter.`,
  })),
  {
    place: 'src-main/training',
    allow: [CONTRACT, 'src-main/training', 'src-main/data/prepared.ts', 'src-main/data/augmentation'],
    message: 'training knows the contract, data/prepared.ts and data/augmentation, nobody else.',
  },
  {
    place: 'src-main/study',
    allow: [CONTRACT, 'src-main/study', 'src-main/analysis'],
    message: 'study builds on analysis alone.',
  },
  {
    place: 'src-main/workbench',
    allow: [
      CONTRACT,
      'src-preload/rpc',
      ...['workbench', 'store', 'analysis', 'study'].map((room) => `src-main/${room}`),
    ],
    message: 'The workbench starts data and training by their entry files, and knows no door.',
  },
  {
    place: 'src-main/cli',
    allow: [
      CONTRACT,
      'src-preload/rpc',
      'src-main/cli',
      'src-main/workbench',
      'src-main/server/main.ts',
      HEADLESS,
    ],
    message: 'A door goes through the workbench; what the terminal draws comes from charts/headless.ts.',
  },
  ...['server', 'desktop'].map((door) => ({
    place: `src-main/${door}`,
    allow: [CONTRACT, 'src-preload/rpc', `src-main/${door}`, 'src-main/workbench'],
    message: 'A door goes through the workbench.',
  })),
  {
    place: HEADLESS,
    allow: [CONTRACT, 'src-renderer/charts'],
    message: 'What draws without a window knows the charts and the contract.',
  },
  {
    place: 'src-renderer/charts',
    allow: [CONTRACT, 'src-renderer/charts'],
    except: [HEADLESS],
    packages: ['echarts', 'fast-png'],
    message: 'Charts are pure, data in and option out: they know the contract, echarts and fast-png.',
  },
  {
    place: 'src-renderer',
    allow: [CONTRACT, 'src-preload/rpc', 'src-renderer'],
    except: ['src-preload/rpc/server.ts', HEADLESS],
    message: 'The page reaches the engine through the contract, over rpc/client.',
  },
];

/** Packages that only some places may import. */
export interface PackageOwner {
  /** Names; `@scope/*` for all of a scope. */
  readonly packages: readonly string[];
  readonly places: readonly string[];
}

/** Packages that have an owner. */
export const PACKAGE_OWNERS: readonly PackageOwner[] = [
  { packages: ['electron'], places: ['src-main/desktop', 'src-preload/index.ts'] },
  { packages: ['@tensorflow/*', 'webgpu'], places: ['src-main/training/compute'] },
  { packages: ['sharp'], places: ['src-main/data'] },
  { packages: ['better-sqlite3'], places: ['src-main/store'] },
  { packages: ['ws'], places: ['src-main/server'] },
  { packages: ['@msgpack/msgpack'], places: ['src-preload/rpc'] },
];

/**
 * Why a file may not import something; undefined where it may.
 * @param file relative to the project, with slashes.
 * @param imported a file likewise, or the name of a package or of a module of Node (`node:fs`).
 */
export function refusal(file: string, imported: string): string | undefined {
  const zone = ZONES.find(({ place }) => liesIn(file, place));
  if (zone === undefined) return undefined;
  if (isFile(imported)) {
    if (imported.startsWith('test/')) return 'Tests know the product; the product does not know its tests.';
    if (!imported.startsWith('src-')) return undefined;
    const allowed =
      zone.allow.some((place) => liesIn(imported, place)) &&
      zone.except?.some((place) => liesIn(imported, place)) !== true;
    return allowed ? undefined : zone.message;
  }
  if (zone.packages !== undefined && !zone.packages.includes(imported)) return zone.message;
  const owner = PACKAGE_OWNERS.find(({ packages }) => packages.some((name) => isNamed(imported, name)));
  if (owner === undefined || owner.places.some((place) => liesIn(file, place))) return undefined;
  return `Only ${owner.places.join(' and ')} may import ${imported}.`;
}

/** Whether a file is, or lies in, a place. */
export function liesIn(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

/** Whether a package's name is the one asked for, or of the scope asked for: `@scope/*`. */
export function isNamed(name: string, asked: string): boolean {
  return asked.endsWith('/*') ? name.startsWith(asked.slice(0, -1)) : name === asked;
}

/** The package that a specifier such as `echarts/core` names; modules of Node as they are. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function isFile(imported: string): boolean {
  return /^(src-main|src-preload|src-renderer|resources|test)\//.test(imported);
}
