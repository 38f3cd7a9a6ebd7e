/** The system that a Node has to run on. */
export interface System {
  readonly platform: string;
  readonly arch: string;
}

/**
 * Path of the Node that runs the product: the one that the lock file names where there is one for this system, else the
 * one that runs now.
 * @param current version of the Node that runs now.
 * @throws Error where neither will do.
 */
export function nodeFor(root: string, current?: string, system?: System): string;

/** Whether the product's native packages run on a version such as `22.12.0`. */
export function isRecent(version: string): boolean;
