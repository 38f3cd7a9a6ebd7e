import {
  createVectorKernels,
  FIRST_FREE,
  LANES,
  VECTOR_BYTES,
  type VectorKernels,
} from './vector-kernels.ts';

/** Whole cache lines, so that what the library wants aligned can be used in place. */
const UNIT_BYTES = 64;

const PAGE_BYTES = 2 ** 16;

/** A matrix's place: its rows, of columns padded to whole vectors. */
export interface Layout {
  readonly rows: number;
  readonly columns: number;
  /** Vectors in a row. */
  readonly groups: number;
}

/** How a tensor lies in memory: as rows of its last side. */
export function layoutOf(shape: readonly number[]): Layout {
  const columns = shape.at(-1) ?? 1;
  const rows = shape.slice(0, -1).reduce((product, side) => product * side, 1);
  return { rows, columns, groups: Math.ceil(columns / LANES) };
}

/** Numbers that a matrix takes, the padding included. */
export function paddedCount({ rows, groups }: Layout): number {
  return rows * groups * LANES;
}

/** The memory of the vector kernels: places are handed out and taken back by their addresses. */
export class VectorMemory {
  readonly kernels: VectorKernels;
  /** All of it; another after it has grown, so not to be held. */
  floats: Float32Array<ArrayBuffer>;
  integers: Int32Array<ArrayBuffer>;
  /** Places that are handed out. */
  taken = 0;
  private readonly free = new Map<number, number[]>();
  private end = FIRST_FREE;
  private readonly masks: number;

  constructor(kernels: VectorKernels) {
    this.kernels = kernels;
    this.floats = new Float32Array(kernels.memory.buffer);
    this.integers = new Int32Array(kernels.memory.buffer);
    this.masks = this.reserve(LANES * VECTOR_BYTES);
    for (let columns = 1; columns <= LANES; columns++) {
      const start = this.maskOf(columns) / 4;
      for (let lane = 0; lane < LANES; lane++) this.integers[start + lane] = lane < columns ? -1 : 0;
    }
  }

  /** A place for a matrix, with anything in it; room for whole vectors and a multiple of four rows. */
  take({ rows, groups }: Layout): number {
    this.taken += 1;
    const bytes = sizeOf(rows, groups);
    return this.free.get(bytes)?.pop() ?? this.reserve(bytes);
  }

  /** Takes the place of a matrix of this layout back. */
  giveBack(address: number, { rows, groups }: Layout): void {
    this.taken -= 1;
    const bytes = sizeOf(rows, groups);
    const free = this.free.get(bytes);
    if (free === undefined) this.free.set(bytes, [address]);
    else free.push(address);
  }

  /** Writes numbers, row by row without padding, to a place. */
  write(address: number, { rows, columns, groups }: Layout, values: ArrayLike<number>): void {
    const { floats } = this;
    const start = address / 4;
    const width = groups * LANES;
    if (width === columns) {
      floats.set(values, start);
      return;
    }
    let from = 0;
    for (let row = 0; row < rows; row++) {
      const to = start + row * width;
      for (let column = 0; column < columns; column++) floats[to + column] = values[from + column] ?? 0;
      for (let column = columns; column < width; column++) floats[to + column] = 0;
      from += columns;
    }
  }

  /** The numbers of a place, row by row without padding, copied. */
  read(address: number, { rows, columns, groups }: Layout): Float32Array<ArrayBuffer> {
    const { floats } = this;
    const start = address / 4;
    const width = groups * LANES;
    if (width === columns) return floats.slice(start, start + rows * width);
    const values = new Float32Array(rows * columns);
    let to = 0;
    for (let row = 0; row < rows; row++) {
      const from = start + row * width;
      for (let column = 0; column < columns; column++) values[to + column] = floats[from + column] ?? 0;
      to += columns;
    }
    return values;
  }

  /** Zeros at a place, the padding included. */
  clear(address: number, layout: Layout): void {
    this.floats.fill(0, address / 4, address / 4 + paddedCount(layout));
  }

  /** The numbers of a place with their padding, in place. */
  view(address: number, layout: Layout): Float32Array<ArrayBuffer> {
    return this.floats.subarray(address / 4, address / 4 + paddedCount(layout));
  }

  /** Where a vector stands with all bits set in so many of its numbers: those that the last of a row has. */
  maskOf(columns: number): number {
    return this.masks + VECTOR_BYTES * ((columns + LANES - 1) % LANES);
  }

  private reserve(bytes: number): number {
    const address = this.end;
    this.end += bytes;
    const { memory } = this.kernels;
    const lacking = this.end - memory.buffer.byteLength;
    if (lacking > 0) {
      // Doubled, so that it seldom grows; only what is used takes memory of the machine.
      memory.grow(Math.ceil(Math.max(lacking, memory.buffer.byteLength) / PAGE_BYTES));
      this.floats = new Float32Array(memory.buffer);
      this.integers = new Int32Array(memory.buffer);
    }
    return address;
  }
}

function sizeOf(rows: number, groups: number): number {
  return Math.ceil((Math.ceil(rows / 4) * 4 * groups * VECTOR_BYTES) / UNIT_BYTES) * UNIT_BYTES;
}

/** A memory with its kernels; null where the engine has no vector instructions. */
export function createVectorMemory(): VectorMemory | null {
  const kernels = createVectorKernels();
  return kernels === null ? null : new VectorMemory(kernels);
}
