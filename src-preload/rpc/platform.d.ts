/** What pages and Node both have, of all that the language itself has not. */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/** @throws Error for what cannot be cloned, such as a function. */
declare function structuredClone<Value>(value: Value): Value;

declare function queueMicrotask(task: () => void): void;
