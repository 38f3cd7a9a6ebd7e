/** Bytes of a page of WebAssembly's memory, and the most of them that one has. */
const PAGE_BYTES = 2 ** 16;
const MOST_PAGES = 2 ** 16;

/** A memory of WebAssembly that threads share; the types of Node do not declare it. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

declare const WebAssembly: {
  Memory: new (size: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
};

/** Floats as another thread is given them. */
export interface SharedFloats {
  /** What they lie in, from its start on. */
  readonly place: SharedMemory | SharedArrayBuffer;
  readonly count: number;
}

/** Code can be given a memory alone, not what lies in it. */
const memories = new WeakMap<ArrayBufferLike, SharedMemory>();

/**
 * Zeros that threads share, from the start of a page of memory on, so that a library that wants its numbers at such an
 * address uses them in place; of more than 4 GiB at any address.
 * @throws RangeError where there is no memory for them
 */
export function sharedFloats(count: number): Float32Array<SharedArrayBuffer> {
  const pages = Math.max(1, Math.ceil((4 * count) / PAGE_BYTES));
  const place =
    pages > MOST_PAGES
      ? new SharedArrayBuffer(4 * count)
      : new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return floatsOf({ place, count });
}

/** What to give another thread. */
export function handedOver({ buffer, length }: Float32Array<SharedArrayBuffer>): SharedFloats {
  return { place: memories.get(buffer) ?? buffer, count: length };
}

/** The floats that a thread was given, or another part of them. */
export function floatsOf({ place, count }: SharedFloats): Float32Array<SharedArrayBuffer> {
  if (place instanceof SharedArrayBuffer) return new Float32Array(place, 0, count);
  memories.set(place.buffer, place);
  return new Float32Array(place.buffer, 0, count);
}

/** The memory that floats lie in; undefined of all but shared ones. */
export function memoryOf({ buffer }: Float32Array): SharedMemory | undefined {
  return memories.get(buffer);
}
