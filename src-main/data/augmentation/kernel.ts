import { drawMixture } from './noise.ts';
import { type NoisePools, POOL, STRETCH } from './noise-pools.ts';
import type { RandomBits } from './random.ts';
import type { Turn } from './rotate.ts';
import { memoryOf, type SharedMemory } from './shared-floats.ts';
import {
  ConstantVectors,
  type Expression,
  f32,
  f32x4,
  i32,
  i32x4,
  type Local,
  v128,
  WasmFunction,
  wasmModule,
  wasmModuleOfTwoMemories,
} from './wasm-code.ts';

/*
 * Augmentation in vector instructions of WebAssembly (https://webassembly.github.io/spec/core/), four numbers at a
 * time, bit by bit what `rotate.ts` and `noise.ts` say. The code is made for one shape of images when it is needed.
 */

type V128 = Expression<'v128'>;
type I32 = Expression<'i32'>;
type Four<T> = readonly [T, T, T, T];

/** Makes augmented images of one shape from the image that it holds. */
export interface AugmentationKernel {
  /** Takes the image to work on. @param pixels `[height, width, channels]`, 0..255. */
  take(pixels: Uint8Array): void;
  /**
   * Writes the image, divided by 255, to `target` from `at` on, turned and made noisy.
   * @param turn null: as it is.
   * @param deviation standard deviation of the noise, 0 for none.
   * @param random is asked for how the noise is mixed.
   * @throws Error for noise from a kernel that was made without pools
   */
  write(target: Float32Array, at: number, turn: Turn | null, deviation: number, random: RandomBits): void;
}

/** What is used of the engine; the types of Node do not declare it. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
    imports?: { readonly memories: { readonly own: object; readonly shared: object } },
  ) => { readonly exports: KernelExports };
};

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** The pixels as numbers of 0..1 to an address. */
  readonly scale: (to: number) => void;
  /** What is interpolated with, made of `upright`. */
  readonly unfold: () => void;
  /** The image, turned, to `result`. */
  readonly rotate: () => void;
  readonly addNoise: AddNoise;
}

/** So many vectors with noise: deviates at two addresses, each by its factor. */
type AddNoise = (
  from: number,
  to: number,
  first: number,
  second: number,
  vectors: number,
  firstFactor: number,
  secondFactor: number,
) => void;

/** Images of more pixels are left to the ordinary code: their number must be exact in single precision, and fit memory. */
const MOST_PIXELS = 2 ** 21;

/** What whole vectors may read or write past the end of an image. */
const SLACK = 64;

/**
 * Null where the engine has no vector instructions, and for shapes other than grey or coloured images.
 * @param pools null: for images without noise.
 */
export function createKernel(
  width: number,
  height: number,
  channels: number,
  pools: NoisePools | null,
): AugmentationKernel | null {
  if ((channels !== 1 && channels !== 3) || width * height > MOST_PIXELS) return null;
  const shape = shapeOf(width, height, channels);
  const constants = new ConstantVectors(CONSTANTS);
  const functions = [scale, unfold, rotate, addNoise].map((write) => write(shape, constants));
  const elsewhere = wasmModuleOfTwoMemories([addNoise(shape, constants, 1)]);
  const module = wasmModule(functions, shape.bytes + (pools === null ? 0 : 2 * POOL_BYTES));
  if (!WebAssembly.validate(module)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  const { buffer } = exports.memory;
  const { size } = shape;
  new Int32Array(buffer, CONSTANTS).set(constants.values());
  const [first, second] = [shape.bytes, shape.bytes + POOL_BYTES];
  if (pools !== null) {
    new Float32Array(buffer, first).set(pools.first);
    new Float32Array(buffer, second).set(pools.second);
  }
  const pixels = new Uint8Array(buffer, shape.pixels, size);
  const result = new Float32Array(buffer, shape.result, size);
  const numbers = new Float32Array(buffer, NUMBERS, 4);
  let isUnfolded = false;
  // Of a part of a vector the rest would be written over what another thread may have written behind it.
  const noise =
    pools === null || size % 4 !== 0 || !WebAssembly.validate(elsewhere)
      ? null
      : new WebAssembly.Module(elsewhere);
  const into = new WeakMap<SharedMemory, AddNoise>();

  /** What adds noise on the way into shared memory, which has to be fetched for it anyway; undefined where that is not possible. */
  function addingInto(shared: SharedMemory | undefined): AddNoise | undefined {
    if (noise === null || shared === undefined) return undefined;
    let known = into.get(shared);
    if (known === undefined) {
      const memories = { own: exports.memory, shared };
      known = new WebAssembly.Instance(noise, { memories }).exports.addNoise;
      into.set(shared, known);
    }
    return known;
  }

  function addNoiseTo(to: number, add: AddNoise, deviation: number, random: RandomBits): void {
    if (pools === null) throw new Error('This kernel was made without noise.');
    for (let start = 0; start < size; start += STRETCH) {
      const mixture = drawMixture(deviation, random);
      add(
        shape.result + 4 * start,
        to + 4 * start,
        first + 4 * mixture.firstPlace,
        second + 4 * mixture.secondPlace,
        Math.ceil(Math.min(STRETCH, size - start) / 4),
        mixture.firstFactor,
        mixture.secondFactor,
      );
    }
  }

  return {
    take(image) {
      pixels.set(image);
      isUnfolded = false;
    },
    write(target, at, turn, deviation, random) {
      if (turn === null) exports.scale(shape.result);
      else {
        if (!isUnfolded) {
          exports.scale(shape.upright);
          exports.unfold();
          isUnfolded = true;
        }
        numbers[0] = turn.cosine;
        numbers[1] = turn.sine;
        numbers[2] = turn.originX;
        numbers[3] = turn.originY;
        exports.rotate();
      }
      const add = deviation > 0 ? addingInto(memoryOf(target)) : undefined;
      if (add !== undefined) {
        addNoiseTo(target.byteOffset + 4 * at, add, deviation, random);
        return;
      }
      if (deviation > 0) addNoiseTo(shape.result, exports.addNoise, deviation, random);
      target.set(result, at);
    },
  };
}

/** Where cosine, sine and place of the first pixel (x, y) lie. */
const NUMBERS = 0;
/** Where the constants lie, of which there are less than 64. */
const CONSTANTS = 16;
const FIRST_FREE = CONSTANTS + 64 * 16;
/**
 * Where four pixels come from: the offsets of their coefficients, then the shares of the way to the right, then down.
 * They are found for a whole row before it is written: one after the other takes so long that too few are under way.
 */
const PLACE_BYTES = 48;
const RIGHT_SHARES = 16;
const BOTTOM_SHARES = 32;
const POOL_BYTES = 4 * (POOL + STRETCH);

/** What the code is made for, and where what it works on lies in memory. */
interface Shape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Numbers of an image. */
  readonly size: number;
  /** `[height, width, channels]`, bytes. */
  readonly pixels: number;
  /** `[height, width, channels]`, 0..1; what lies behind, up to a row and a pixel more, are numbers too. */
  readonly upright: number;
  /**
   * Of each pixel what the values between it and its three neighbours to the right and below are made of: itself, what
   * goes to the right, what goes down, what goes both ways. Four numbers of a grey pixel, which are a vector; four
   * vectors of a coloured one, the last number of each of no meaning.
   */
  readonly coefficients: number;
  readonly coefficientsBytes: number;
  /** Of each four pixels of a row where they come from. */
  readonly places: number;
  /** `[height, width, channels]`, 0..1. */
  readonly result: number;
  /** Of all of it. */
  readonly bytes: number;
}

function shapeOf(width: number, height: number, channels: number): Shape {
  const size = width * height * channels;
  const coefficientsBytes = channels === 1 ? 16 : 64;
  const pixels = FIRST_FREE;
  const upright = aligned(pixels + size + SLACK);
  const coefficients = aligned(upright + 4 * (size + (width + 1) * channels) + SLACK);
  const places = aligned(coefficients + coefficientsBytes * width * height + SLACK);
  const result = places + PLACE_BYTES * Math.ceil(width / 4);
  const bytes = aligned(result + 4 * size + SLACK);
  return {
    width,
    height,
    channels,
    size,
    pixels,
    upright,
    coefficients,
    coefficientsBytes,
    places,
    result,
    bytes,
  };
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16;
}

function scale({ size, pixels }: Shape, constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('scale', constants);
  const to = code.parameter('i32');
  const from = code.keep(i32.constant(pixels));
  code.repeat(Math.ceil(size / 8), () => {
    const eight = code.keep(v128.load8Bytes(from));
    code.store(to, 0, dividedBy255(code, i32x4.ofLower16(eight)));
    code.store(to, 16, dividedBy255(code, i32x4.ofUpper16(eight)));
    advance(code, from, 8);
    advance(code, to, 32);
  });
  return code;
}

function dividedBy255(code: WasmFunction, bytes: V128): V128 {
  return f32x4.divide(f32x4.ofI32(bytes), code.number(255));
}

/** Past the last column and row the next numbers of memory stand for neighbours: their share is always 0. */
function unfold(
  { width, height, channels, upright, coefficients, coefficientsBytes }: Shape,
  constants: ConstantVectors,
): WasmFunction {
  const code = new WasmFunction('unfold', constants);
  const from = code.keep(i32.constant(upright));
  const to = code.keep(i32.constant(coefficients));
  const pixels = channels === 1 ? 4 : 1;
  code.repeat(Math.ceil((width * height) / pixels), () => {
    const [own, right, below, belowRight] = ofEach([0, 1, width, width + 1], (neighbour) =>
      code.keep(v128.load(from, 4 * channels * neighbour)),
    );
    const toRight = code.keep(f32x4.subtract(right, own));
    const down = code.keep(f32x4.subtract(below, own));
    const both = code.keep(f32x4.subtract(f32x4.subtract(belowRight, below), toRight));
    const vectors = [own, toRight, down, both] as const;
    const written = channels === 1 ? turnedOver(code, vectors) : vectors;
    for (const [place, vector] of written.entries()) code.store(to, 16 * place, vector);
    advance(code, from, 4 * channels * pixels);
    advance(code, to, coefficientsBytes * pixels);
  });
  return code;
}

/** Four vectors of which each holds the first, second, third or fourth numbers of those given. */
function turnedOver(code: WasmFunction, [first, second, third, fourth]: Four<V128>): Four<V128> {
  const upper = code.keep(f32x4.shuffle(first, second, [0, 4, 1, 5]));
  const upperOfOthers = code.keep(f32x4.shuffle(third, fourth, [0, 4, 1, 5]));
  const lower = code.keep(f32x4.shuffle(first, second, [2, 6, 3, 7]));
  const lowerOfOthers = code.keep(f32x4.shuffle(third, fourth, [2, 6, 3, 7]));
  return [
    f32x4.shuffle(upper, upperOfOthers, [0, 1, 4, 5]),
    f32x4.shuffle(upper, upperOfOthers, [2, 3, 6, 7]),
    f32x4.shuffle(lower, lowerOfOthers, [0, 1, 4, 5]),
    f32x4.shuffle(lower, lowerOfOthers, [2, 3, 6, 7]),
  ];
}

function rotate(shape: Shape, constants: ConstantVectors): WasmFunction {
  const { width, height, channels, coefficientsBytes, places, result } = shape;
  const code = new WasmFunction('rotate', constants);
  const start = i32.constant(NUMBERS);
  const [cosine, sine, originX, originY] = ofEach([0, 4, 8, 12], (offset) =>
    code.keep(f32x4.all(f32.load(start, offset))),
  );
  const y = code.keep(code.number(0));
  const x = code.keep(code.number(0));
  const startX = code.keep(code.number(0));
  const startY = code.keep(code.number(0));
  const place = code.keep(i32.constant(places));
  const to = code.keep(i32.constant(result));
  const groups = Math.ceil(width / 4);
  code.repeat(height, () => {
    code.set(startX, f32x4.subtract(originX, f32x4.multiply(sine, y)));
    code.set(startY, f32x4.add(originY, f32x4.multiply(cosine, y)));
    code.set(x, code.numbers(0, 1, 2, 3));
    code.set(place, i32.constant(places));
    code.repeat(groups, () => {
      const turnedX = f32x4.add(startX, f32x4.multiply(cosine, x));
      const turnedY = f32x4.add(startY, f32x4.multiply(sine, x));
      const fromX = code.keep(limited(code, turnedX, width - 1));
      const fromY = code.keep(limited(code, turnedY, height - 1));
      const left = code.keep(f32x4.floor(fromX));
      const top = code.keep(f32x4.floor(fromY));
      const pixel = f32x4.add(f32x4.multiply(top, code.number(width)), left);
      // Whole numbers below 2²³ are the lower bits of what they and 2²³ make: quicker than a conversion.
      const bits = v128.xor(f32x4.add(pixel, code.number(2 ** 23)), code.number(2 ** 23));
      code.store(place, 0, i32x4.shiftLeft(bits, Math.log2(coefficientsBytes)));
      code.store(place, RIGHT_SHARES, f32x4.subtract(fromX, left));
      code.store(place, BOTTOM_SHARES, f32x4.subtract(fromY, top));
      code.set(x, f32x4.add(x, code.number(4)));
      advance(code, place, PLACE_BYTES);
    });
    code.set(place, i32.constant(places));
    code.repeat(groups, () => {
      const addresses = ofEach([0, 4, 8, 12], (lane) => i32.load(place, lane));
      const write = channels === 1 ? writeGrey : writeColours;
      write(code, shape, addresses, place, to);
      advance(code, place, PLACE_BYTES);
      advance(code, to, 4 * 4 * channels);
    });
    advance(code, to, 4 * channels * (width - 4 * groups));
    code.set(y, f32x4.add(y, code.number(1)));
  });
  return code;
}

/** Four coloured pixels, one after the other: each of their vectors goes one number into the next's place. */
function writeColours(
  code: WasmFunction,
  { coefficients, channels }: Shape,
  addresses: Four<I32>,
  place: I32,
  to: I32,
): void {
  for (const [lane, from] of addresses.entries()) {
    const address = code.keep(from);
    const vectors = ofEach([0, 16, 32, 48], (part) => v128.load(address, coefficients + part));
    const ofRight = code.keep(v128.loadAll32(place, RIGHT_SHARES + 4 * lane));
    const ofBottom = v128.loadAll32(place, BOTTOM_SHARES + 4 * lane);
    code.store(to, 4 * channels * lane, between(vectors, ofRight, ofBottom));
  }
}

/** Four grey pixels together. */
function writeGrey(
  code: WasmFunction,
  { coefficients }: Shape,
  addresses: Four<I32>,
  place: I32,
  to: I32,
): void {
  const vectors = ofEach(addresses, (address) => code.keep(v128.load(address, coefficients)));
  const rightShare = code.keep(v128.load(place, RIGHT_SHARES));
  code.store(to, 0, between(turnedOver(code, vectors), rightShare, v128.load(place, BOTTOM_SHARES)));
}

/** What lies between a pixel and its neighbours, at a share of the way to the right and down. */
function between([own, toRight, down, both]: Four<V128>, rightShare: V128, bottomShare: V128): V128 {
  const upper = f32x4.add(own, f32x4.multiply(rightShare, toRight));
  const change = f32x4.add(down, f32x4.multiply(rightShare, both));
  return f32x4.add(upper, f32x4.multiply(bottomShare, change));
}

/** @param memory the one that is written to, of those of its module */
function addNoise(_: Shape, constants: ConstantVectors, memory = 0): WasmFunction {
  const code = new WasmFunction('addNoise', constants);
  const from = code.parameter('i32');
  const to = code.parameter('i32');
  const first = code.parameter('i32');
  const second = code.parameter('i32');
  const vectors = code.parameter('i32');
  const firstOne = code.parameter('f32');
  const secondOne = code.parameter('f32');
  const firstFactor = code.keep(f32x4.all(firstOne));
  const secondFactor = code.keep(f32x4.all(secondOne));
  const [least, most] = [code.keep(code.number(0)), code.keep(code.number(1))];
  function noisy(count: number): void {
    for (let place = 0; place < 16 * count; place += 16) {
      const one = f32x4.multiply(firstFactor, v128.load(first, place));
      const other = f32x4.multiply(secondFactor, v128.load(second, place));
      const sum = f32x4.add(v128.load(from, place), f32x4.add(one, other));
      code.store(to, place, f32x4.lesser(f32x4.greater(sum, least), most), memory);
    }
    for (const address of [from, to, first, second]) advance(code, address, 16 * count);
  }
  // Eight at a time: counting them takes as long as several of them do.
  code.repeatAsGiven(i32.shiftRight(vectors, 3), () => {
    noisy(8);
  });
  code.repeatAsGiven(i32.and(vectors, i32.constant(7)), () => {
    noisy(1);
  });
  return code;
}

/** The nearest number from 0 to `most`. */
function limited(code: WasmFunction, values: V128, most: number): V128 {
  return f32x4.lesser(f32x4.greater(values, code.number(0)), code.number(most));
}

function advance(code: WasmFunction, address: Local<'i32'>, bytes: number): void {
  code.set(address, i32.add(address, i32.constant(bytes)));
}

function ofEach<T, Made>([first, second, third, fourth]: Four<T>, make: (one: T) => Made): Four<Made> {
  return [make(first), make(second), make(third), make(fourth)];
}
