import {
  ConstantVectors,
  type Expression,
  f32x4,
  i32,
  i32x4,
  type Local,
  v128,
  WasmFunction,
  wasmModule,
} from '../../data/augmentation/wasm-code.ts';

/*
 * The small steps of a network in vector instructions of WebAssembly, on numbers of single precision in its memory.
 * Rows of a matrix are padded with zeros to whole vectors of four numbers; what a kernel writes is padded alike. A
 * matrix has room for a multiple of four rows: what lies past its own may be written with anything.
 */

type V128 = Expression<'v128'>;
type I32 = Expression<'i32'>;

/** Numbers of a vector, and bytes. */
export const LANES = 4;
export const VECTOR_BYTES = 16;

/** What is used of the engine; the types of Node do not declare it. */
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: VectorKernels };
};

/**
 * Kernels by addresses, in bytes, and counts: `vectors` of four numbers in all, or `rows` of `groups` vectors. What is
 * read and what is written may be the same, element by element.
 */
export interface VectorKernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /**
   * out[i, j] = Σₚ a[i, p] × b[p, j], of four rows `i` at a time, `fours` times.
   * @param aRow bytes from a[i, p] to a[i + 1, p]
   * @param aStep bytes from a[i, p] to a[i, p + 1]
   * @param groups vectors in a row of `b` and of `out`
   */
  product(
    out: number,
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    fours: number,
    steps: number,
    groups: number,
  ): void;
  /** out[j, i] = x[i, j], of rows and columns; the padding of `out` is left as it is. */
  transpose(out: number, x: number, rows: number, columns: number, xRow: number, outRow: number): void;
  /** out[i, j] = x[i, j] + bias[j] */
  addRow(out: number, x: number, bias: number, rows: number, groups: number): void;
  /** out[j] = Σᵢ x[i, j] */
  sumRows(out: number, x: number, rows: number, groups: number): void;
  /** Mean, Σ x × `perRow`, and variance, Σ(x − mean)² × `perRow`, of each column. */
  moments(mean: number, variance: number, x: number, rows: number, groups: number, perRow: number): void;
  /** out = gamma × (x − mean) / √(variance + epsilon) + beta */
  normalize(
    out: number,
    x: number,
    gamma: number,
    beta: number,
    mean: number,
    variance: number,
    rows: number,
    groups: number,
    epsilon: number,
  ): void;
  /** Gradients of batch normalization by its input, gamma and beta (S. Ioffe and C. Szegedy, 2015, section 3). */
  normalizeGradient(
    out: number,
    gammaGradient: number,
    betaGradient: number,
    outputGradient: number,
    x: number,
    gamma: number,
    mean: number,
    variance: number,
    rows: number,
    groups: number,
    epsilon: number,
    perRow: number,
  ): void;
  leakyRelu(out: number, x: number, vectors: number, slope: number): void;
  /** From what the activation gave and the gradient by that. */
  leakyReluGradient(out: number, y: number, outputGradient: number, vectors: number, slope: number): void;
  relu(out: number, x: number, vectors: number): void;
  multiply(out: number, a: number, b: number, vectors: number): void;
  /** out = a + factor × b */
  addScaled(out: number, a: number, b: number, vectors: number, factor: number): void;
  /** out = factor × x */
  scale(out: number, x: number, vectors: number, factor: number): void;
  /** Σ x and Σ x², each in a number. */
  sums(out: number, x: number, vectors: number): void;
  /**
   * Probabilities of each row, and of each row the largest number, the sum of e^(number − largest), and the first place
   * of the largest.
   * @param mask a vector with all bits set in the columns that the last vector of a row has
   */
  softmax(
    out: number,
    largest: number,
    sum: number,
    place: number,
    x: number,
    mask: number,
    rows: number,
    groups: number,
  ): void;
  /** One step of Adam (`AdamStep`), its corrections in `rate` and `epsilon`; shares are 1 − β1 and 1 − β2. */
  adam(
    parameter: number,
    firstMoment: number,
    secondMoment: number,
    gradient: number,
    vectors: number,
    rate: number,
    firstShare: number,
    secondShare: number,
    epsilon: number,
  ): void;
}

/** From here on memory is free. */
export const FIRST_FREE = 64 * VECTOR_BYTES;

const FIRST_BYTES = 2 ** 22;
const MOST_BYTES = 2 ** 30;

/** The kernels with a memory of their own, which can grow; null where the engine has no vector instructions. */
export function createVectorKernels(): VectorKernels | null {
  const constants = new ConstantVectors(0);
  const functions = KERNELS.map((write) => write(constants));
  const module = wasmModule(functions, FIRST_BYTES, MOST_BYTES);
  if (!WebAssembly.validate(module)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module));
  new Int32Array(exports.memory.buffer).set(constants.values());
  return exports;
}

const KERNELS: readonly ((constants: ConstantVectors) => WasmFunction)[] = [
  product,
  transpose,
  addRow,
  sumRows,
  moments,
  normalize,
  normalizeGradient,
  leakyRelu,
  leakyReluGradient,
  relu,
  multiply,
  addScaled,
  scale,
  sums,
  softmax,
  adam,
];

function product(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('product', constants);
  const out = code.parameter('i32');
  const a = code.parameter('i32');
  const aRow = code.parameter('i32');
  const aStep = code.parameter('i32');
  const b = code.parameter('i32');
  const fours = code.parameter('i32');
  const steps = code.parameter('i32');
  const groups = code.parameter('i32');
  const rowBytes = code.keep(i32.shiftLeft(groups, 4));
  const column = code.keep(b);
  const columnOut = code.keep(out);
  /** So many vectors of columns of four rows; the place of the columns goes on by them. */
  function block(width: 1 | 2): void {
    const addresses = rowAddresses(code, a, aRow);
    const from = code.keep(column);
    const offsets = width === 1 ? [0] : [0, VECTOR_BYTES];
    const totals = addresses.map(() => offsets.map(() => code.keep(code.number(0))));
    code.repeatAsGiven(steps, () => {
      const others = offsets.map((offset) => code.keep(v128.load(from, offset)));
      addresses.forEach((address, row) => {
        const one = code.keep(v128.loadAll32(address));
        others.forEach((other, place) => {
          const total = totals[row]?.[place];
          if (total !== undefined) code.set(total, f32x4.add(total, f32x4.multiply(one, other)));
        });
        code.set(address, i32.add(address, aStep));
      });
      code.set(from, i32.add(from, rowBytes));
    });
    const to = code.keep(columnOut);
    for (const ofRow of totals) {
      ofRow.forEach((total, place) => {
        code.store(to, VECTOR_BYTES * place, total);
      });
      code.set(to, i32.add(to, rowBytes));
    }
    advance(code, column, VECTOR_BYTES * width);
    advance(code, columnOut, VECTOR_BYTES * width);
  }
  code.repeatAsGiven(fours, () => {
    code.set(column, b);
    code.set(columnOut, out);
    code.repeatAsGiven(i32.shiftRight(groups, 1), () => {
      block(2);
    });
    code.repeatAsGiven(i32.and(groups, i32.constant(1)), () => {
      block(1);
    });
    code.set(out, i32.add(out, i32.shiftLeft(rowBytes, 2)));
    code.set(a, i32.add(a, i32.shiftLeft(aRow, 2)));
  });
  return code;
}

/** Addresses of four rows. */
function rowAddresses(code: WasmFunction, first: I32, rowBytes: I32): Local<'i32'>[] {
  const addresses = [code.keep(first)];
  for (let row = 1; row < 4; row++) {
    const before = addresses[row - 1] ?? first;
    addresses.push(code.keep(i32.add(before, rowBytes)));
  }
  return addresses;
}

function transpose(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('transpose', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const rows = code.parameter('i32');
  const columns = code.parameter('i32');
  const xRow = code.parameter('i32');
  const outRow = code.parameter('i32');
  const from = code.keep(x);
  const to = code.keep(out);
  code.repeatAsGiven(rows, () => {
    code.set(from, x);
    code.set(to, out);
    code.repeatAsGiven(columns, () => {
      code.store32(to, 0, v128.load32(from));
      advance(code, from, 4);
      code.set(to, i32.add(to, outRow));
    });
    code.set(x, i32.add(x, xRow));
    advance(code, out, 4);
  });
  return code;
}

function addRow(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('addRow', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const bias = code.parameter('i32');
  const rows = code.parameter('i32');
  const groups = code.parameter('i32');
  const from = code.keep(bias);
  code.repeatAsGiven(rows, () => {
    code.set(from, bias);
    code.repeatAsGiven(groups, () => {
      code.store(out, 0, f32x4.add(v128.load(x), v128.load(from)));
      for (const address of [out, x, from]) advance(code, address, VECTOR_BYTES);
    });
  });
  return code;
}

function sumRows(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('sumRows', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const rows = code.parameter('i32');
  const groups = code.parameter('i32');
  const rowBytes = code.keep(i32.shiftLeft(groups, 4));
  code.repeatAsGiven(groups, () => {
    const total = code.keep(code.number(0));
    eachRow(code, rows, rowBytes, [x], ([from]) => {
      code.set(total, f32x4.add(total, v128.load(from)));
    });
    code.store(out, 0, total);
    for (const address of [out, x]) advance(code, address, VECTOR_BYTES);
  });
  return code;
}

/** Does something for each row of a column of vectors, given where the column stands in each matrix. */
function eachRow<const Columns extends readonly I32[]>(
  code: WasmFunction,
  rows: I32,
  rowBytes: I32,
  columns: Columns,
  body: (addresses: { readonly [Place in keyof Columns]: Local<'i32'> }) => void,
): void {
  const addresses = columns.map((column) => code.keep(column));
  code.repeatAsGiven(rows, () => {
    body(addresses as { [Place in keyof Columns]: Local<'i32'> });
    for (const address of addresses) code.set(address, i32.add(address, rowBytes));
  });
}

function moments(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('moments', constants);
  const mean = code.parameter('i32');
  const variance = code.parameter('i32');
  const x = code.parameter('i32');
  const rows = code.parameter('i32');
  const groups = code.parameter('i32');
  const perRow = code.keep(f32x4.all(code.parameter('f32')));
  const rowBytes = code.keep(i32.shiftLeft(groups, 4));
  code.repeatAsGiven(groups, () => {
    const total = code.keep(code.number(0));
    eachRow(code, rows, rowBytes, [x], ([from]) => {
      code.set(total, f32x4.add(total, v128.load(from)));
    });
    const centre = code.keep(f32x4.multiply(total, perRow));
    const squares = code.keep(code.number(0));
    eachRow(code, rows, rowBytes, [x], ([from]) => {
      const distance = code.keep(f32x4.subtract(v128.load(from), centre));
      code.set(squares, f32x4.add(squares, f32x4.multiply(distance, distance)));
    });
    code.store(mean, 0, centre);
    code.store(variance, 0, f32x4.multiply(squares, perRow));
    for (const address of [mean, variance, x]) advance(code, address, VECTOR_BYTES);
  });
  return code;
}

function normalize(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('normalize', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const gamma = code.parameter('i32');
  const beta = code.parameter('i32');
  const mean = code.parameter('i32');
  const variance = code.parameter('i32');
  const rows = code.parameter('i32');
  const groups = code.parameter('i32');
  const epsilon = code.keep(f32x4.all(code.parameter('f32')));
  const rowBytes = code.keep(i32.shiftLeft(groups, 4));
  code.repeatAsGiven(groups, () => {
    const factor = code.keep(f32x4.divide(v128.load(gamma), root(variance, epsilon)));
    const shift = code.keep(v128.load(beta));
    const centre = code.keep(v128.load(mean));
    eachRow(code, rows, rowBytes, [x, out], ([from, to]) => {
      const distance = f32x4.subtract(v128.load(from), centre);
      code.store(to, 0, f32x4.add(f32x4.multiply(distance, factor), shift));
    });
    for (const address of [out, x, gamma, beta, mean, variance]) advance(code, address, VECTOR_BYTES);
  });
  return code;
}

function root(variance: I32, epsilon: V128): V128 {
  return f32x4.squareRoot(f32x4.add(v128.load(variance), epsilon));
}

function normalizeGradient(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('normalizeGradient', constants);
  const out = code.parameter('i32');
  const gammaGradient = code.parameter('i32');
  const betaGradient = code.parameter('i32');
  const outputGradient = code.parameter('i32');
  const x = code.parameter('i32');
  const gamma = code.parameter('i32');
  const mean = code.parameter('i32');
  const variance = code.parameter('i32');
  const rows = code.parameter('i32');
  const groups = code.parameter('i32');
  const epsilonOne = code.parameter('f32');
  const perRowOne = code.parameter('f32');
  const epsilon = code.keep(f32x4.all(epsilonOne));
  const perRow = code.keep(f32x4.all(perRowOne));
  const rowBytes = code.keep(i32.shiftLeft(groups, 4));
  code.repeatAsGiven(groups, () => {
    const centre = code.keep(v128.load(mean));
    const reciprocal = code.keep(f32x4.divide(code.number(1), root(variance, epsilon)));
    const sum = code.keep(code.number(0));
    const products = code.keep(code.number(0));
    eachRow(code, rows, rowBytes, [outputGradient, x], ([gradientAt, from]) => {
      const gradient = code.keep(v128.load(gradientAt));
      code.set(sum, f32x4.add(sum, gradient));
      const distance = f32x4.subtract(v128.load(from), centre);
      code.set(products, f32x4.add(products, f32x4.multiply(gradient, distance)));
    });
    const ofGamma = code.keep(f32x4.multiply(products, reciprocal));
    // x̂ is the distance × the reciprocal: dx = gamma × reciprocal × (dy − mean(dy) − x̂ × mean(dy × x̂))
    const slope = code.keep(f32x4.multiply(f32x4.multiply(ofGamma, perRow), reciprocal));
    const shift = code.keep(f32x4.multiply(sum, perRow));
    const factor = code.keep(f32x4.multiply(v128.load(gamma), reciprocal));
    eachRow(code, rows, rowBytes, [outputGradient, x, out], ([gradientAt, from, to]) => {
      const distance = f32x4.subtract(v128.load(from), centre);
      const centred = f32x4.subtract(v128.load(gradientAt), shift);
      const own = f32x4.subtract(centred, f32x4.multiply(distance, slope));
      code.store(to, 0, f32x4.multiply(own, factor));
    });
    code.store(gammaGradient, 0, ofGamma);
    code.store(betaGradient, 0, sum);
    for (const address of [out, gammaGradient, betaGradient, outputGradient, x, gamma, mean, variance])
      advance(code, address, VECTOR_BYTES);
  });
  return code;
}

/** A kernel that goes through its matrices number by number. */
function eachVector(
  code: WasmFunction,
  vectors: I32,
  addresses: readonly Local<'i32'>[],
  body: () => void,
): WasmFunction {
  code.repeatAsGiven(vectors, () => {
    body();
    for (const address of addresses) advance(code, address, VECTOR_BYTES);
  });
  return code;
}

function leakyRelu(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('leakyRelu', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const vectors = code.parameter('i32');
  const slope = code.keep(f32x4.all(code.parameter('f32')));
  return eachVector(code, vectors, [out, x], () => {
    const value = code.keep(v128.load(x));
    code.store(out, 0, f32x4.greater(value, f32x4.multiply(value, slope)));
  });
}

function leakyReluGradient(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('leakyReluGradient', constants);
  const out = code.parameter('i32');
  const y = code.parameter('i32');
  const outputGradient = code.parameter('i32');
  const vectors = code.parameter('i32');
  const slope = code.keep(f32x4.all(code.parameter('f32')));
  return eachVector(code, vectors, [out, y, outputGradient], () => {
    const gradient = code.keep(v128.load(outputGradient));
    const isAbove = f32x4.less(code.number(0), v128.load(y));
    code.store(out, 0, v128.select(gradient, f32x4.multiply(gradient, slope), isAbove));
  });
}

function relu(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('relu', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const vectors = code.parameter('i32');
  return eachVector(code, vectors, [out, x], () => {
    code.store(out, 0, f32x4.greater(v128.load(x), code.number(0)));
  });
}

function multiply(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('multiply', constants);
  const out = code.parameter('i32');
  const a = code.parameter('i32');
  const b = code.parameter('i32');
  const vectors = code.parameter('i32');
  return eachVector(code, vectors, [out, a, b], () => {
    code.store(out, 0, f32x4.multiply(v128.load(a), v128.load(b)));
  });
}

function addScaled(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('addScaled', constants);
  const out = code.parameter('i32');
  const a = code.parameter('i32');
  const b = code.parameter('i32');
  const vectors = code.parameter('i32');
  const factor = code.keep(f32x4.all(code.parameter('f32')));
  return eachVector(code, vectors, [out, a, b], () => {
    code.store(out, 0, f32x4.add(v128.load(a), f32x4.multiply(v128.load(b), factor)));
  });
}

function scale(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('scale', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const vectors = code.parameter('i32');
  const factor = code.keep(f32x4.all(code.parameter('f32')));
  return eachVector(code, vectors, [out, x], () => {
    code.store(out, 0, f32x4.multiply(v128.load(x), factor));
  });
}

function sums(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('sums', constants);
  const out = code.parameter('i32');
  const x = code.parameter('i32');
  const vectors = code.parameter('i32');
  const total = code.keep(code.number(0));
  const squares = code.keep(code.number(0));
  eachVector(code, vectors, [x], () => {
    const value = code.keep(v128.load(x));
    code.set(total, f32x4.add(total, value));
    code.set(squares, f32x4.add(squares, f32x4.multiply(value, value)));
  });
  code.store32(out, 0, ofAllLanes(code, total, f32x4.add));
  code.store32(out, 4, ofAllLanes(code, squares, f32x4.add));
  return code;
}

/** Of the four numbers of a vector one, four times. */
function ofAllLanes(code: WasmFunction, value: V128, join: (one: V128, other: V128) => V128): V128 {
  const all = code.keep(value);
  const pairs = code.keep(join(all, f32x4.shuffle(all, all, [2, 3, 0, 1])));
  return code.keep(join(pairs, f32x4.shuffle(pairs, pairs, [1, 0, 3, 2])));
}

function softmax(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('softmax', constants);
  const out = code.parameter('i32');
  const largestOut = code.parameter('i32');
  const sumOut = code.parameter('i32');
  const placeOut = code.parameter('i32');
  const x = code.parameter('i32');
  const maskAt = code.parameter('i32');
  const rows = code.parameter('i32');
  const groups = code.parameter('i32');
  const mask = code.keep(v128.load(maskAt));
  const before = code.keep(i32.subtract(groups, i32.constant(1)));
  const rowBytes = code.keep(i32.shiftLeft(groups, 4));
  const from = code.keep(x);
  const to = code.keep(out);
  code.repeatAsGiven(rows, () => {
    const most = code.keep(code.number(-Infinity));
    code.set(from, x);
    code.repeatAsGiven(before, () => {
      code.set(most, f32x4.greater(most, v128.load(from)));
      advance(code, from, VECTOR_BYTES);
    });
    const last = v128.select(v128.load(from), code.number(-Infinity), mask);
    code.set(most, ofAllLanes(code, f32x4.greater(most, last), f32x4.greater));

    // From the last vector to the first, so that the first of equal numbers stays.
    const place = code.keep(i32.constant(0));
    const bits = code.keep(i32x4.highestBits(v128.and(f32x4.equal(v128.load(from), most), mask)));
    const group = code.keep(i32.shiftLeft(before, 2));
    code.set(place, i32.select(bits, i32.add(group, i32.trailingZeros(bits)), place));
    code.repeatAsGiven(before, () => {
      advance(code, from, -VECTOR_BYTES);
      advance(code, group, -LANES);
      code.set(bits, i32x4.highestBits(f32x4.equal(v128.load(from), most)));
      code.set(place, i32.select(bits, i32.add(group, i32.trailingZeros(bits)), place));
    });

    const total = code.keep(code.number(0));
    code.set(to, out);
    code.repeatAsGiven(before, () => {
      const power = code.keep(exponential(code, f32x4.subtract(v128.load(from), most)));
      code.set(total, f32x4.add(total, power));
      code.store(to, 0, power);
      for (const address of [from, to]) advance(code, address, VECTOR_BYTES);
    });
    const power = code.keep(v128.and(exponential(code, f32x4.subtract(v128.load(from), most)), mask));
    code.store(to, 0, power);
    code.set(total, ofAllLanes(code, f32x4.add(total, power), f32x4.add));

    const reciprocal = code.keep(f32x4.divide(code.number(1), total));
    code.repeatAsGiven(groups, () => {
      code.store(out, 0, f32x4.multiply(v128.load(out), reciprocal));
      advance(code, out, VECTOR_BYTES);
    });
    code.store32(largestOut, 0, most);
    code.store32(sumOut, 0, total);
    code.storeWhole(placeOut, 0, place);
    for (const address of [largestOut, sumOut, placeOut]) advance(code, address, 4);
    code.set(x, i32.add(x, rowBytes));
  });
  return code;
}

/** ln 2, of which the first part has so few digits that its multiples are exact. */
const LN2_HIGH = 0.693359375;
const LN2_LOW = Math.LN2 - LN2_HIGH;

/** Of eʳ − 1 − r divided by r², from the highest power on, for |r| ≤ ½ ln 2 (S. L. Moshier, Cephes, expf). */
const POWERS = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
];

/** Below this the power is less than the least normal number, and taken for 0. */
const LEAST_EXPONENT = -87.3;

/** e to the power of numbers of 0 or less: x = n ln 2 + r, eˣ = 2ⁿ eʳ. What is no number stays none. */
function exponential(code: WasmFunction, exponents: V128): V128 {
  const x = code.keep(exponents);
  const n = code.keep(f32x4.nearest(f32x4.multiply(x, code.number(Math.LOG2E))));
  const high = f32x4.subtract(x, f32x4.multiply(n, code.number(LN2_HIGH)));
  const r = code.keep(f32x4.subtract(high, f32x4.multiply(n, code.number(LN2_LOW))));
  const [first = 0, ...others] = POWERS;
  const series = others.reduce<V128>(
    (sum, power) => f32x4.add(f32x4.multiply(sum, r), code.number(power)),
    code.number(first),
  );
  const ofRest = f32x4.add(f32x4.add(f32x4.multiply(f32x4.multiply(series, r), r), r), code.number(1));
  const ofWhole = i32x4.shiftLeft(i32x4.add(i32x4.ofF32(n), code.whole(127)), 23);
  const isTooSmall = f32x4.less(x, code.number(LEAST_EXPONENT));
  return v128.andNot(f32x4.multiply(ofRest, ofWhole), isTooSmall);
}

function adam(constants: ConstantVectors): WasmFunction {
  const code = new WasmFunction('adam', constants);
  const parameter = code.parameter('i32');
  const firstMoment = code.parameter('i32');
  const secondMoment = code.parameter('i32');
  const gradientAt = code.parameter('i32');
  const vectors = code.parameter('i32');
  const rateOne = code.parameter('f32');
  const firstOne = code.parameter('f32');
  const secondOne = code.parameter('f32');
  const epsilonOne = code.parameter('f32');
  const rate = code.keep(f32x4.all(rateOne));
  const firstShare = code.keep(f32x4.all(firstOne));
  const secondShare = code.keep(f32x4.all(secondOne));
  const epsilon = code.keep(f32x4.all(epsilonOne));
  return eachVector(code, vectors, [parameter, firstMoment, secondMoment, gradientAt], () => {
    const gradient = code.keep(v128.load(gradientAt));
    const first = code.keep(moved(code, v128.load(firstMoment), gradient, firstShare));
    const square = f32x4.multiply(gradient, gradient);
    const second = code.keep(moved(code, v128.load(secondMoment), square, secondShare));
    const step = f32x4.divide(f32x4.multiply(first, rate), f32x4.add(f32x4.squareRoot(second), epsilon));
    code.store(firstMoment, 0, first);
    code.store(secondMoment, 0, second);
    code.store(parameter, 0, f32x4.subtract(v128.load(parameter), step));
  });
}

/** A number that has gone a share of its way to another. */
function moved(code: WasmFunction, from: V128, to: V128, share: V128): V128 {
  const start = code.keep(from);
  return f32x4.add(start, f32x4.multiply(f32x4.subtract(to, start), share));
}

function advance(code: WasmFunction, address: Local<'i32'>, bytes: number): void {
  code.set(address, i32.add(address, i32.constant(bytes)));
}
