/** Everything that the built product is made of: folders and files. */
export const SOURCES: readonly string[];

/** Whether out/ is missing, or older than its sources. */
export function buildIsStale(root: string): boolean;

/** Builds out/. @param node path of the Node that builds. */
export function build(root: string, node: string, say: (line: string) => void): Promise<void>;
