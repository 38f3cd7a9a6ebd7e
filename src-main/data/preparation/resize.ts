import type { ImageSize } from '../../../src-preload/contract/config.ts';
import type { Pixels } from '../pixels.ts';

/** Lobes of the kernel on each side. */
const LOBES = 3;

/** How one side is resampled: each output is a weighted sum of so many neighbouring inputs. */
interface Taps {
  /** Index of the first input of each output. */
  readonly first: Int32Array;
  /** Inputs of each output. */
  readonly count: Int32Array;
  /** `[outputs × width]`: weights of an output, their sum 1. */
  readonly weights: Float64Array;
  readonly width: number;
}

/** Taps by `from×to`: trimmed images have many sizes. Only so many weights are kept. */
const known = new Map<string, Taps>();
const MOST_KNOWN_WEIGHTS = 4_000_000;
let knownWeights = 0;

/**
 * An image stretched or shrunk to exactly this size, whatever its aspect ratio; one that has the size stays as it is.
 *
 * Both sides are resampled one after the other with the Lanczos kernel of three lobes, L(x) = sinc(x) · sinc(x / 3)
 * for |x| < 3 (C. Lanczos; as a resampler K. Turkowski, Filters for Common Resampling Tasks, 1990), which is
 * widened by from / to where a side shrinks, so that nothing finer than the new pixels is left. Output i lies at
 * (i + ½) · from / to; input j, whose centre is j + ½, has the weight L of the distance between them. Inputs beyond
 * the border have none, and the weights of an output are divided by their sum. What comes out of both passes is
 * rounded to the nearest whole number, halves up, and kept within 0 and 255.
 */
export function resize(image: Pixels, size: ImageSize): Pixels {
  if (image.width === size.width && image.height === size.height) return image;
  const { channels } = image;
  const columns = tapsOf(image.width, size.width);
  const rows = tapsOf(image.height, size.height);
  const across = channels === 1 ? acrossGrey : acrossColour;
  const rowLength = size.width * channels;
  const result = new Uint8Array(size.height * rowLength);
  const row = new Float64Array(rowLength);
  // Each row of the image is narrowed once and added to the new rows that it is a part of: a few are under way at once,
  // however high the image is.
  const sums: Float64Array[] = [];
  const spare: Float64Array[] = [];
  let ended = 0;
  for (let y = 0; y < image.height; y++) {
    while (ended + sums.length < size.height && (rows.first[ended + sums.length] ?? 0) <= y)
      sums.push((spare.pop() ?? new Float64Array(rowLength)).fill(0));
    across(image, y, columns, row);
    for (let place = 0; place < sums.length; place++) {
      const output = ended + place;
      const sum = sums[place];
      if (sum !== undefined)
        addRow(sum, row, rows.weights[output * rows.width + y - (rows.first[output] ?? 0)] ?? 0);
    }
    for (;;) {
      const [sum] = sums;
      if (sum === undefined || (rows.first[ended] ?? 0) + (rows.count[ended] ?? 0) - 1 > y) break;
      round(sum, result, ended * rowLength);
      spare.push(sum);
      sums.shift();
      ended++;
    }
  }
  return { ...size, channels, data: result };
}

/** One row to its new width: `[outputs]`. */
function acrossGrey(
  { width, data }: Pixels,
  y: number,
  { first, count, weights, width: most }: Taps,
  result: Float64Array,
): void {
  const outputs = first.length;
  for (let output = 0; output < outputs; output++) {
    const from = y * width + (first[output] ?? 0);
    const taps = count[output] ?? 0;
    const weight = output * most;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) sum += (weights[weight + tap] ?? 0) * (data[from + tap] ?? 0);
    result[output] = sum;
  }
}

/** The same of three channels: `[outputs, 3]`. */
function acrossColour(
  { width, data }: Pixels,
  y: number,
  { first, count, weights, width: most }: Taps,
  result: Float64Array,
): void {
  const outputs = first.length;
  let at = 0;
  for (let output = 0; output < outputs; output++) {
    let from = (y * width + (first[output] ?? 0)) * 3;
    const taps = count[output] ?? 0;
    const weight = output * most;
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let tap = 0; tap < taps; tap++) {
      const share = weights[weight + tap] ?? 0;
      red += share * (data[from] ?? 0);
      green += share * (data[from + 1] ?? 0);
      blue += share * (data[from + 2] ?? 0);
      from += 3;
    }
    result[at] = red;
    result[at + 1] = green;
    result[at + 2] = blue;
    at += 3;
  }
}

function addRow(sums: Float64Array, row: Float64Array, share: number): void {
  const length = row.length;
  for (let column = 0; column < length; column++)
    sums[column] = (sums[column] ?? 0) + share * (row[column] ?? 0);
}

function round(sums: Float64Array, result: Uint8Array, to: number): void {
  for (let column = 0; column < sums.length; column++)
    result[to + column] = Math.max(0, Math.min(255, Math.floor((sums[column] ?? 0) + 0.5)));
}

function tapsOf(from: number, to: number): Taps {
  const key = `${from}×${to}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const taps = makeTaps(from, to);
  knownWeights += taps.weights.length;
  if (knownWeights > MOST_KNOWN_WEIGHTS) {
    known.clear();
    knownWeights = taps.weights.length;
  }
  known.set(key, taps);
  return taps;
}

function makeTaps(from: number, to: number): Taps {
  const scale = from / to;
  const wide = Math.max(1, scale);
  const reach = LOBES * wide;
  const width = Math.min(from, Math.ceil(2 * reach) + 1);
  const first = new Int32Array(to);
  const count = new Int32Array(to);
  const weights = new Float64Array(to * width);
  for (let output = 0; output < to; output++) {
    const centre = (output + 0.5) * scale;
    const least = Math.max(0, Math.floor(centre - reach));
    const most = Math.min(from, least + width);
    let sum = 0;
    for (let input = least; input < most; input++) {
      const weight = lanczos((input + 0.5 - centre) / wide);
      weights[output * width + input - least] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < width; tap++) {
      weights[output * width + tap] = (weights[output * width + tap] ?? 0) / sum;
    }
    first[output] = least;
    count[output] = most - least;
  }
  return { first, count, weights, width };
}

function lanczos(x: number): number {
  return Math.abs(x) < LOBES ? sinc(x) * sinc(x / LOBES) : 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
