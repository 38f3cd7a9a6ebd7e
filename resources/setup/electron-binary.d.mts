/** The program that a window runs on, or the sentence that says why there is none. */
export type ElectronBinary = { readonly program: string } | { readonly reason: string };

/** The program, fetched where it is not there yet; else why there is none. */
export function provideElectron(
  root: string,
  node: string,
  say: (line: string) => void,
  options?: {
    readonly environment?: Readonly<Record<string, string | undefined>>;
    /** Year, month and day: what could not be fetched is tried again on another day. */
    readonly today?: string;
  },
): Promise<ElectronBinary>;

/** The program that the package has fetched, of the package's own version. */
export function findElectron(
  folder: string,
  version: string,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined;

/** Why no window can be opened here, whatever is installed. */
export function whyNoWindow(system: {
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly userId: number | undefined;
}): string | undefined;
