/** Where the library can be had. */
export interface NativeSource {
  /** Of its folder in the cache. */
  readonly name: string;
  readonly title: string;
  /** Rejects, soon, where the source cannot be reached. */
  readonly check: () => Promise<void>;
  /** Fills a folder: `deps/lib` and `lib/napi-v8` are in it afterwards. */
  readonly fetch: (folder: string) => Promise<void>;
}

/** Where the official archives are, and how long a server may be silent. */
export interface Servers {
  /** URL of the folder of the libraries. */
  readonly libraries: string;
  /** URL of the folder of the binding; undefined: where its package says. */
  readonly bindings: string | undefined;
  /** Milliseconds until a server has to answer at all. */
  readonly answerMs: number;
  /** Milliseconds that a download may stand still. */
  readonly silenceMs: number;
  /** Milliseconds that the npm registry may be silent; it is asked twice. */
  readonly registryMs: number;
}

/** A library that an npm package carries, as a brotli-compressed tar archive. */
export interface PackagedLibrary {
  readonly name: string;
  readonly title: string;
  /** `name@version`. */
  readonly package: string;
  /** The archive's path in the package. */
  readonly archive: string;
  /** Of the archive, in hexadecimal. */
  readonly sha256: string;
  /** Where `deps` and `lib` lie in the archive. */
  readonly prefix: string;
}

/** Whether the library has to be looked for: it is not in place, and was not sought in vain a short while ago. */
export function nativeIsMissing(root: string, cache?: string, nowMs?: number): boolean;

/**
 * Puts the library in place: from the cache, else from the first source that gives one that loads. Where there is none
 * it says why: that is no error, since there are other ways to compute.
 * @param node path of the Node that will load it.
 */
export function provideNative(
  root: string,
  node: string,
  say: (line: string) => void,
  options?: { readonly cache?: string; readonly sources?: readonly NativeSource[] },
): Promise<void>;

/** Where the library can be had for this machine, the best first. */
export function nativeSources(root: string, servers?: Partial<Servers>): NativeSource[];

/** A library that an npm package carries. */
export function packagedSource(root: string, packaged: PackagedLibrary, registryMs?: number): NativeSource;
