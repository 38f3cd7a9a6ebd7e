/** Bytes of a page of WebAssembly's memory, and the most of them that one has. */
const PAGE_BYTES = 2 ** 16;
const MOST_PAGES = 2 ** 16;

/** What is used of the engine; the types of Node do not declare it. */
declare const WebAssembly: {
  Memory: new (size: { readonly initial: number; readonly maximum: number; readonly shared: true }) => {
    readonly buffer: SharedArrayBuffer;
  };
};

/**
 * Zeros that threads share, from the start of a page of memory on, so that a library that wants its numbers at such an
 * address uses them in place; of more than 4 GiB at any address.
 * @throws RangeError where there is no memory for them
 */
export function sharedFloats(count: number): Float32Array<SharedArrayBuffer> {
  const pages = Math.max(1, Math.ceil((4 * count) / PAGE_BYTES));
  if (pages > MOST_PAGES) return new Float32Array(new SharedArrayBuffer(4 * count));
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return new Float32Array(memory.buffer, 0, count);
}
