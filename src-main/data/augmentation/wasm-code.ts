/**
 * WebAssembly code as typed expressions, of which a function is written statement by statement: as much of the format
 * (W3C, WebAssembly Core Specification 2.0, chapter 5) as a loop over numbers in memory needs. What is wrong in it is
 * refused by the engine that compiles it.
 */
export type ValueType = 'i32' | 'f32' | 'v128';

/** Code that leaves one value. */
export interface Expression<T extends ValueType> {
  readonly type: T;
  readonly code: readonly number[];
}

/** A value that is kept while a function runs, and can be given another. */
export interface Local<T extends ValueType> extends Expression<T> {
  readonly index: number;
}

type I32 = Expression<'i32'>;
type F32 = Expression<'f32'>;
type V128 = Expression<'v128'>;

const TYPE_CODES = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

function made<T extends ValueType>(type: T, ...parts: (number | readonly number[])[]): Expression<T> {
  return { type, code: parts.flat() };
}

/** A whole number of 0 or more in LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) | 128);
  }
}

/** A whole number of 32 bits in signed LEB128. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value | 0; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}

/** Alignment 1, as no promise is made of any, the memory where it is not the first, and what is added to the address. */
function memoryArgument(offset: number, memory = 0): number[] {
  return [...(memory === 0 ? [0] : [0x40, ...unsigned(memory)]), ...unsigned(offset)];
}

function simd<T extends ValueType>(
  type: T,
  operation: number,
  operands: readonly Expression<ValueType>[],
  immediate: readonly number[] = [],
): Expression<T> {
  return made(type, ...operands.map(({ code }) => code), 0xfd, unsigned(operation), immediate);
}

function binary(operation: number): (one: V128, other: V128) => V128 {
  return (one, other) => simd('v128', operation, [one, other]);
}

function unary(operation: number): (value: V128) => V128 {
  return (value) => simd('v128', operation, [value]);
}

function shift(operation: number): (value: V128, bits: number) => V128 {
  return (value, bits) => simd('v128', operation, [value, i32.constant(bits)]);
}

function load(operation: number): (address: I32, offset?: number) => V128 {
  return (address, offset = 0) => simd('v128', operation, [address], memoryArgument(offset));
}

/** Operations on a whole number of 32 bits. */
export const i32 = {
  constant: (value: number): I32 => made('i32', 0x41, signed(value)),
  load: (address: I32, offset = 0): I32 => made('i32', address.code, 0x28, memoryArgument(offset)),
  add: (one: I32, other: I32): I32 => made('i32', one.code, other.code, 0x6a),
  subtract: (one: I32, other: I32): I32 => made('i32', one.code, other.code, 0x6b),
  multiply: (one: I32, other: I32): I32 => made('i32', one.code, other.code, 0x6c),
  and: (one: I32, other: I32): I32 => made('i32', one.code, other.code, 0x71),
  shiftLeft: (value: I32, bits: number): I32 => made('i32', value.code, i32.constant(bits).code, 0x74),
  shiftRight: (value: I32, bits: number): I32 => made('i32', value.code, i32.constant(bits).code, 0x75),
  /** Zeros below the lowest bit that is set. */
  trailingZeros: (value: I32): I32 => made('i32', value.code, 0x68),
  /** `one` where the condition is not 0, else `other`. */
  select: (condition: I32, one: I32, other: I32): I32 =>
    made('i32', one.code, other.code, condition.code, 0x1b),
};

/** Operations on a number of single precision. */
export const f32 = {
  load: (address: I32, offset = 0): F32 => made('f32', address.code, 0x2a, memoryArgument(offset)),
};

/** Operations on 16 bytes, whatever they are. Shifts and places in a shuffle are constants. */
export const v128 = {
  load: load(0x00),
  /** The same 4 bytes four times. */
  loadAll32: load(0x09),
  /** 8 bytes as 8 numbers of 16 bits. */
  load8Bytes: load(0x02),
  /** 4 bytes, and 0 for the others. */
  load32: load(0x5c),
  /** 8 bytes, and 0 for the others. */
  load64: load(0x5d),
  /** The same 16 bytes but the last 8, which are those of the memory. */
  loadUpper64: (address: I32, offset: number, lower: V128): V128 =>
    simd('v128', 0x57, [address, lower], [...memoryArgument(offset), 1]),
  and: binary(0x4e),
  /** Bits of `one` that are not set in `other`. */
  andNot: binary(0x4f),
  or: binary(0x50),
  xor: binary(0x51),
  /** Bits of `one` where the mask has them set, else of `other`. */
  select: (one: V128, other: V128, mask: V128): V128 => simd('v128', 0x52, [one, other, mask]),
};

/** Operations on four whole numbers of 32 bits. */
export const i32x4 = {
  add: binary(0xae),
  subtract: binary(0xb1),
  shiftLeft: shift(0xab),
  shiftRightUnsigned: shift(0xad),
  lane: (value: V128, lane: number): I32 => simd('i32', 0x1b, [value], [lane]),
  /** The first four of 16 bytes, or the first or last four of eight numbers of 16 bits, none of them negative. */
  ofBytes: (value: V128): V128 => i32x4.ofLower16(simd('v128', 0x89, [value])),
  ofLower16: unary(0xa9),
  ofUpper16: unary(0xaa),
  /** Of numbers of single precision, towards 0. */
  ofF32: unary(0xf8),
  /** The highest bit of each number, the first's lowest. */
  highestBits: (value: V128): I32 => simd('i32', 0xa4, [value]),
};

/** Operations on four numbers of single precision. */
export const f32x4 = {
  all: (value: F32): V128 => simd('v128', 0x13, [value]),
  /** One of the four numbers, four times. */
  allOfLane: (value: V128, lane: number): V128 => f32x4.shuffle(value, value, [lane, lane, lane, lane]),
  ofI32: unary(0xfa),
  floor: unary(0x68),
  nearest: unary(0x6a),
  /** All bits set where it holds, else none. */
  equal: binary(0x41),
  less: binary(0x43),
  squareRoot: unary(0xe3),
  add: binary(0xe4),
  subtract: binary(0xe5),
  multiply: binary(0xe6),
  divide: binary(0xe7),
  /** `other < one ? other : one` */
  lesser: binary(0xea),
  /** `one < other ? other : one` */
  greater: binary(0xeb),
  /** Numbers of two vectors: 0 to 3 of the first, 4 to 7 of the second. */
  shuffle: (one: V128, other: V128, lanes: readonly [number, number, number, number]): V128 =>
    simd(
      'v128',
      0x0d,
      [one, other],
      lanes.flatMap((lane) => [4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]),
    ),
};

/**
 * Constant vectors that lie in memory from an address on. Engines make a constant of the code's own anew wherever it
 * is used, with three instructions; loading it takes one.
 */
export class ConstantVectors {
  private readonly address: number;
  private readonly vectors: Int32Array[] = [];

  constructor(address: number) {
    this.address = address;
  }

  /** A vector of these bits. */
  vector(bits: Int32Array): V128 {
    const known = this.vectors.findIndex((vector) => vector.every((value, lane) => value === bits[lane]));
    const place = known < 0 ? this.vectors.push(bits) - 1 : known;
    return v128.load(i32.constant(this.address + 16 * place));
  }

  /** What has to be in memory from the address on. */
  values(): number[] {
    return this.vectors.flatMap((vector) => [...vector]);
  }
}

/** A function without result: it works on memory. */
export class WasmFunction {
  readonly name: string;
  private readonly code: number[] = [];
  private readonly parameters: ValueType[] = [];
  private readonly locals: ValueType[] = [];
  private readonly constants: ConstantVectors;

  constructor(name: string, constants: ConstantVectors) {
    this.name = name;
    this.constants = constants;
  }

  /** Four numbers of single precision. */
  numbers(...values: [number, number, number, number]): V128 {
    return this.constants.vector(new Int32Array(Float32Array.from(values).buffer));
  }

  /** One of them four times. */
  number(value: number): V128 {
    return this.numbers(value, value, value, value);
  }

  /** A whole number of 32 bits four times. */
  whole(value: number): V128 {
    return this.constants.vector(new Int32Array(4).fill(value));
  }

  /** The next of the numbers that it is called with. @throws Error once something is kept */
  parameter<T extends ValueType>(type: T): Local<T> {
    if (this.locals.length > 0) throw new Error('Parameters come before everything that is kept.');
    return localOf(type, this.parameters.push(type) - 1);
  }

  /** Computes a value now, and keeps it: it may be used any number of times. */
  keep<T extends ValueType>(value: Expression<T>): Local<T> {
    const local = localOf(value.type, this.parameters.length + this.locals.push(value.type) - 1);
    this.set(local, value);
    return local;
  }

  set<T extends ValueType>(local: Local<T>, value: Expression<T>): void {
    this.code.push(...value.code, 0x21, ...unsigned(local.index));
  }

  /** Writes 16 bytes to memory. @param memory 0 where the module has but one */
  store(address: I32, offset: number, value: V128, memory = 0): void {
    this.code.push(
      ...address.code,
      ...value.code,
      0xfd,
      ...unsigned(0x0b),
      ...memoryArgument(offset, memory),
    );
  }

  /** Writes the first 4 of 16 bytes to memory. */
  store32(address: I32, offset: number, value: V128): void {
    this.code.push(...address.code, ...value.code, 0xfd, ...unsigned(0x5a), ...memoryArgument(offset), 0);
  }

  /** Writes a whole number to memory. */
  storeWhole(address: I32, offset: number, value: I32): void {
    this.code.push(...address.code, ...value.code, 0x36, ...memoryArgument(offset));
  }

  /** Does what `body` writes so many times, 1 or more. */
  repeat(times: number, body: () => void): void {
    this.loop(this.keep(i32.constant(times)), body);
  }

  /** Does what `body` writes so many times, 0 or more. */
  repeatAsGiven(times: I32, body: () => void): void {
    const left = this.keep(times);
    // Past the end where there are none.
    this.code.push(0x02, 0x40, ...left.code, 0x45, 0x0d, 0);
    this.loop(left, body);
    this.code.push(0x0b);
  }

  /** Of its parameters, as it stands in a module. */
  signature(): number[] {
    return [0x60, ...vector(this.parameters.map((type) => [TYPE_CODES[type]])), 0];
  }

  /** As it stands in a module. */
  bytes(): number[] {
    const locals = this.locals.map((type) => [1, TYPE_CODES[type]]);
    return sized([...vector(locals), ...this.code, 0x0b]);
  }

  private loop(left: Local<'i32'>, body: () => void): void {
    this.code.push(0x03, 0x40);
    body();
    this.set(left, i32.subtract(left, i32.constant(1)));
    // While there are some left: to the start again.
    this.code.push(...left.code, 0x0d, 0, 0x0b);
  }
}

function localOf<T extends ValueType>(type: T, index: number): Local<T> {
  return { index, ...made(type, 0x20, unsigned(index)) };
}

/**
 * A module of functions and of so many bytes of memory, exported as `memory`.
 * @param mostBytes how far the memory may grow
 */
export function wasmModule(
  functions: readonly WasmFunction[],
  memoryBytes: number,
  mostBytes = memoryBytes,
): Uint8Array<ArrayBuffer> {
  const [pages, mostPages] = [memoryBytes, mostBytes].map((bytes) => unsigned(Math.ceil(bytes / 65536)));
  return moduleOf(functions, {
    memory: section(5, vector([[1, ...(pages ?? []), ...(mostPages ?? [])]])),
    exports: [[...text('memory'), 2, 0]],
  });
}

/** A module of functions that work on two memories that it is given: `memories.own`, and `memories.shared` of threads. */
export function wasmModuleOfTwoMemories(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const [none, most] = [unsigned(0), unsigned(65536)];
  return moduleOf(functions, {
    imports: section(
      2,
      vector([
        [...text('memories'), ...text('own'), 2, 0, ...none],
        [...text('memories'), ...text('shared'), 2, 3, ...none, ...most],
      ]),
    ),
  });
}

function moduleOf(
  functions: readonly WasmFunction[],
  {
    imports = [],
    memory = [],
    exports = [],
  }: {
    readonly imports?: readonly number[];
    readonly memory?: readonly number[];
    readonly exports?: readonly (readonly number[])[];
  },
): Uint8Array<ArrayBuffer> {
  const exported = functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]);
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(functions.map((one) => one.signature()))),
    ...imports,
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...memory,
    ...section(7, vector([...exported, ...exports])),
    ...section(10, vector(functions.map((one) => one.bytes()))),
  ]);
}

function section(id: number, contents: readonly number[]): number[] {
  return [id, ...sized(contents)];
}

function sized(bytes: readonly number[]): number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

function text(value: string): number[] {
  return sized([...new TextEncoder().encode(value)]);
}
