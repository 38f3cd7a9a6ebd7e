import { LANES, noiseState } from './noise.ts';
import { COSINE, EXPONENT_MASK, LOGARITHM, OF_EXPONENT, ROOT_HALF_BITS, SINE } from './polar-normal.ts';
import type { RandomBits } from './random.ts';
import type { Turn } from './rotate.ts';
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
   * @param random is asked for the noise's first state.
   */
  write(target: Float32Array, at: number, turn: Turn | null, deviation: number, random: RandomBits): void;
}

/** What is used of the engine; the types of Node do not declare it. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: KernelExports };
};

interface KernelExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** The pixels as numbers of 0..1 to `result`. */
  readonly scale: () => void;
  /** The pixels as numbers of 0..1 to `upright`. */
  readonly unfold: () => void;
  /** `upright`, turned, to `result`. */
  readonly rotate: () => void;
  /** `result` with noise. */
  readonly addNoise: () => void;
}

/** Images of more pixels are left to the ordinary code: their number must be exact in single precision, and fit memory. */
const MOST_PIXELS = 2 ** 21;

/** What whole vectors may read or write past the end of an image. */
const SLACK = 64;

/** Null where the engine has no vector instructions, and for shapes other than grey or coloured images. */
export function createKernel(width: number, height: number, channels: number): AugmentationKernel | null {
  if ((channels !== 1 && channels !== 3) || width * height > MOST_PIXELS) return null;
  const shape = shapeOf(width, height, channels);
  const constants = new ConstantVectors(CONSTANTS);
  const functions = [scale, unfold, rotate, addNoise].map((write) => write(shape, constants));
  const module = wasmModule(functions, shape.bytes);
  if (!WebAssembly.validate(module)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  const { buffer } = exports.memory;
  const { size } = shape;
  new Int32Array(buffer, CONSTANTS).set(constants.values());
  const pixels = new Uint8Array(buffer, shape.pixels, size);
  const result = new Float32Array(buffer, shape.result, size);
  const state = new Int32Array(buffer, STATE, 3 * LANES);
  const numbers = new Float32Array(buffer, NUMBERS, 5);
  let isUnfolded = false;
  return {
    take(image) {
      pixels.set(image);
      isUnfolded = false;
    },
    write(target, at, turn, deviation, random) {
      if (turn === null) exports.scale();
      else {
        if (!isUnfolded) exports.unfold();
        isUnfolded = true;
        numbers[0] = turn.cosine;
        numbers[1] = turn.sine;
        numbers[2] = turn.originX;
        numbers[3] = turn.originY;
        exports.rotate();
      }
      if (deviation > 0) {
        noiseState(random, state);
        numbers[4] = deviation;
        exports.addNoise();
      }
      target.set(result, at);
    },
  };
}

/** Where the generators' first state lies. */
const STATE = 0;
/** Where cosine, sine, place of the first pixel (x, y) and standard deviation lie. */
const NUMBERS = 4 * 3 * LANES;
/** Where the constants lie, of which there are less than 64. */
const CONSTANTS = 128;
const FIRST_FREE = CONSTANTS + 64 * 16;

/** What the code is made for, and where what it works on lies in memory. */
interface Shape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Numbers of an image. */
  readonly size: number;
  /** `[height, width, channels]`, bytes. */
  readonly pixels: number;
  /**
   * `[height + 1, width + 1]` pixels of 0..1; the last column and row repeat those before, so that each pixel has
   * neighbours. A grey pixel is one number; a coloured one is four, the last of them of no meaning, which is a vector.
   */
  readonly upright: number;
  /** Bytes from one of its pixels, and from one of its rows, to the next. */
  readonly pixelBytes: number;
  readonly rowBytes: number;
  /** `[height, width, channels]`, 0..1. */
  readonly result: number;
  /** Of all of it. */
  readonly bytes: number;
}

function shapeOf(width: number, height: number, channels: number): Shape {
  const size = width * height * channels;
  const pixelBytes = channels === 1 ? 4 : 16;
  const rowBytes = (width + 1) * pixelBytes;
  const pixels = FIRST_FREE;
  const upright = aligned(pixels + size + SLACK);
  const result = aligned(upright + (height + 1) * rowBytes + SLACK);
  const bytes = result + 4 * size + SLACK;
  return { width, height, channels, size, pixels, upright, pixelBytes, rowBytes, result, bytes };
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16;
}

function scale({ size, pixels, result }: Shape, constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('scale', constants);
  const from = code.keep(i32.constant(pixels));
  const to = code.keep(i32.constant(result));
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

/** What is written past the end of a row is written over by the next: rows are made from the first to the last. */
function unfold(shape: Shape, constants: ConstantVectors): WasmFunction {
  const { width, height, channels, pixels, upright, pixelBytes } = shape;
  const code = new WasmFunction('unfold', constants);
  const from = code.keep(i32.constant(pixels));
  const to = code.keep(i32.constant(upright));
  const perVector = 16 / pixelBytes;
  const bytesPerVector = perVector * channels;
  const vectors = Math.ceil(width / perVector);
  function unfoldRow(): void {
    code.repeat(vectors, () => {
      code.store(to, 0, dividedBy255(code, i32x4.ofBytes(v128.load32(from))));
      advance(code, from, bytesPerVector);
      advance(code, to, 16);
    });
    // To the end of the row, which the last vector may have gone past.
    advance(code, from, width * channels - vectors * bytesPerVector);
    advance(code, to, width * pixelBytes - vectors * 16);
    const last = i32.subtract(to, i32.constant(pixelBytes));
    code.store(to, 0, pixelBytes === 4 ? f32x4.all(f32.load(last)) : v128.load(last));
    advance(code, to, pixelBytes);
  }
  code.repeat(height, unfoldRow);
  // The last row again.
  advance(code, from, -width * channels);
  unfoldRow();
  return code;
}

function rotate(shape: Shape, constants: ConstantVectors): WasmFunction {
  const { width, height, channels, result, rowBytes, pixelBytes } = shape;
  const code = new WasmFunction('rotate', constants);
  const start = i32.constant(NUMBERS);
  const [cosine, sine, originX, originY] = ofEach([0, 4, 8, 12], (offset) =>
    code.keep(f32x4.all(f32.load(start, offset))),
  );
  const y = code.keep(code.number(0));
  const x = code.keep(code.number(0));
  const startX = code.keep(code.number(0));
  const startY = code.keep(code.number(0));
  const to = code.keep(i32.constant(result));
  const groups = Math.ceil(width / 4);
  code.repeat(height, () => {
    code.set(startX, f32x4.subtract(originX, f32x4.multiply(sine, y)));
    code.set(startY, f32x4.add(originY, f32x4.multiply(cosine, y)));
    code.set(x, code.numbers(0, 1, 2, 3));
    code.repeat(groups, () => {
      const turnedX = f32x4.add(startX, f32x4.multiply(cosine, x));
      const turnedY = f32x4.add(startY, f32x4.multiply(sine, x));
      const fromX = code.keep(limited(code, turnedX, width - 1));
      const fromY = code.keep(limited(code, turnedY, height - 1));
      const left = code.keep(f32x4.floor(fromX));
      const top = code.keep(f32x4.floor(fromY));
      const rightShare = code.keep(f32x4.subtract(fromX, left));
      const bottomShare = code.keep(f32x4.subtract(fromY, top));
      const pixel = f32x4.add(f32x4.multiply(top, code.number(rowBytes / pixelBytes)), left);
      // Whole numbers below 2²³ are the lower bits of what they and 2²³ make: quicker than a conversion.
      const bits = v128.xor(f32x4.add(pixel, code.number(2 ** 23)), code.number(2 ** 23));
      const offsets = code.keep(i32x4.shiftLeft(bits, Math.log2(pixelBytes)));
      const addresses = ofEach([0, 1, 2, 3], (lane) => code.keep(i32x4.lane(offsets, lane)));
      const write = channels === 1 ? writeGrey : writeColours;
      write(code, shape, addresses, to, rightShare, bottomShare);
      code.set(x, f32x4.add(x, code.number(4)));
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
  { upright, rowBytes, pixelBytes, channels }: Shape,
  addresses: Four<I32>,
  to: I32,
  rightShare: V128,
  bottomShare: V128,
): void {
  for (const [lane, address] of addresses.entries()) {
    const ofRight = code.keep(f32x4.allOfLane(rightShare, lane));
    const upper = code.keep(
      between(code, v128.load(address, upright), v128.load(address, upright + pixelBytes), ofRight),
    );
    const lower = between(
      code,
      v128.load(address, upright + rowBytes),
      v128.load(address, upright + rowBytes + pixelBytes),
      ofRight,
    );
    code.store(to, 4 * channels * lane, between(code, upper, lower, f32x4.allOfLane(bottomShare, lane)));
  }
}

/** Four grey pixels together: a vector of each one's neighbours, of which four of each neighbour are made. */
function writeGrey(
  code: WasmFunction,
  { upright, rowBytes }: Shape,
  addresses: Four<I32>,
  to: I32,
  rightShare: V128,
  bottomShare: V128,
): void {
  const [first, second, third, fourth] = ofEach(addresses, (address) =>
    code.keep(v128.loadUpper64(address, upright + rowBytes, v128.load64(address, upright))),
  );
  const upperOfTwo = code.keep(f32x4.shuffle(first, second, [0, 4, 1, 5]));
  const upperOfOthers = code.keep(f32x4.shuffle(third, fourth, [0, 4, 1, 5]));
  const lowerOfTwo = code.keep(f32x4.shuffle(first, second, [2, 6, 3, 7]));
  const lowerOfOthers = code.keep(f32x4.shuffle(third, fourth, [2, 6, 3, 7]));
  const upper = between(
    code,
    f32x4.shuffle(upperOfTwo, upperOfOthers, [0, 1, 4, 5]),
    f32x4.shuffle(upperOfTwo, upperOfOthers, [2, 3, 6, 7]),
    rightShare,
  );
  const lower = between(
    code,
    f32x4.shuffle(lowerOfTwo, lowerOfOthers, [0, 1, 4, 5]),
    f32x4.shuffle(lowerOfTwo, lowerOfOthers, [2, 3, 6, 7]),
    rightShare,
  );
  code.store(to, 0, between(code, upper, lower, bottomShare));
}

function between(code: WasmFunction, one: V128, other: V128, share: V128): V128 {
  const first = code.keep(one);
  return code.keep(f32x4.add(first, f32x4.multiply(share, f32x4.subtract(other, first))));
}

function addNoise({ size, result }: Shape, constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('addNoise', constants);
  const start = i32.constant(STATE);
  const a = code.keep(v128.load(start, 0));
  const b = code.keep(v128.load(start, 16));
  const c = code.keep(v128.load(start, 32));
  const counter = code.keep(code.whole(1));
  const deviation = code.keep(f32x4.all(f32.load(i32.constant(NUMBERS), 16)));
  const to = code.keep(i32.constant(result));
  code.repeat(Math.ceil(size / (2 * LANES)), () => {
    const bits = code.keep(i32x4.add(i32x4.add(a, b), counter));
    code.set(counter, i32x4.add(counter, code.whole(1)));
    code.set(a, v128.xor(b, i32x4.shiftRightUnsigned(b, 9)));
    code.set(b, i32x4.add(c, i32x4.shiftLeft(c, 3)));
    const rolled = v128.or(i32x4.shiftLeft(c, 21), i32x4.shiftRightUnsigned(c, 11));
    code.set(c, i32x4.add(rolled, bits));

    // Changing the sign is what multiplying by −1 does.
    const sign = v128.and(i32x4.shiftLeft(bits, 18), code.whole(0x80000000 | 0));
    const distance = code.keep(v128.xor(f32x4.multiply(radius(code, bits), deviation), sign));
    const angle = code.keep(
      f32x4.add(
        f32x4.multiply(f32x4.ofI32(i32x4.shiftLeft(bits, 19)), code.number(2 ** -32)),
        code.number(2 ** -14),
      ),
    );
    const square = code.keep(f32x4.multiply(angle, angle));
    const cosine = polynomial(code, COSINE, square);
    const sine = f32x4.multiply(angle, polynomial(code, SINE, square));
    for (const [offset, share] of [
      [0, cosine],
      [16, sine],
    ] as const) {
      const noisy = f32x4.add(v128.load(to, offset), f32x4.multiply(distance, share));
      code.store(to, offset, limited(code, noisy, 1));
    }
    advance(code, to, 32);
  });
  return code;
}

function radius(code: WasmFunction, bits: V128): V128 {
  const chosen = f32x4.ofI32(i32x4.shiftRightUnsigned(bits, 14));
  const uniform = code.keep(f32x4.add(f32x4.multiply(chosen, code.number(2 ** -18)), code.number(2 ** -19)));
  const above = i32x4.subtract(uniform, code.whole(ROOT_HALF_BITS));
  const exponent = code.keep(v128.and(above, code.whole(EXPONENT_MASK)));
  const x = code.keep(f32x4.subtract(i32x4.subtract(uniform, exponent), code.number(1)));
  const ofExponent = f32x4.multiply(f32x4.ofI32(exponent), code.number(OF_EXPONENT));
  return f32x4.squareRoot(f32x4.add(f32x4.multiply(x, polynomial(code, LOGARITHM, x)), ofExponent));
}

function polynomial(code: WasmFunction, coefficients: readonly number[], x: V128): V128 {
  return coefficients
    .map((coefficient) => code.number(coefficient))
    .reduceRight((sum, coefficient) => f32x4.add(f32x4.multiply(sum, x), coefficient));
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
