/** What was found out when the native library was last looked for; `library` and `source` are null where none was. */
export interface NativeReport {
  readonly library: string | null;
  readonly source: string | null;
  /** Why better sources were not taken, a sentence each. */
  readonly reasons: readonly string[];
  /** ISO 8601. */
  readonly date: string;
}

/** Where libraries are kept: `LAYERBENCH_NATIVE_CACHE`, else a folder in the user's cache. */
export function cacheFolder(environment?: Readonly<Record<string, string | undefined>>): string;

/** What was found out when the native library was last looked for; undefined where it never was. */
export function readReport(folder?: string): NativeReport | undefined;

/** The file that a cache's report stands in. */
export function reportFile(cache: string): string;
