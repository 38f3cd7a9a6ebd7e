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

/** Taps by `from×to`. Trimmed images have many sizes, but no more than their sides have pixels. */
const known = new Map<string, Taps>();
const MOST_KNOWN = 2048;

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
  const narrowed = channels === 1 ? acrossGrey(image, columns) : acrossColour(image, columns);
  return { ...size, channels, data: down(narrowed, size.width * channels, rows) };
}

/** Every row to its new width: `[height, outputs]`. */
function acrossGrey(
  { width, height, data }: Pixels,
  { first, count, weights, width: most }: Taps,
): Float64Array {
  const outputs = first.length;
  const result = new Float64Array(height * outputs);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let output = 0; output < outputs; output++) {
      const from = y * width + (first[output] ?? 0);
      const taps = count[output] ?? 0;
      const weight = output * most;
      let sum = 0;
      for (let tap = 0; tap < taps; tap++) sum += (weights[weight + tap] ?? 0) * (data[from + tap] ?? 0);
      result[at++] = sum;
    }
  }
  return result;
}

/** The same of three channels: `[height, outputs, 3]`. */
function acrossColour(
  { width, height, data }: Pixels,
  { first, count, weights, width: most }: Taps,
): Float64Array {
  const outputs = first.length;
  const result = new Float64Array(height * outputs * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
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
  return result;
}

/** All columns to their new height, row by row, so that memory is read in its order. */
function down(
  values: Float64Array,
  rowLength: number,
  { first, count, weights, width: most }: Taps,
): Uint8Array {
  const outputs = first.length;
  const result = new Uint8Array(outputs * rowLength);
  const sums = new Float64Array(rowLength);
  for (let output = 0; output < outputs; output++) {
    sums.fill(0);
    const taps = count[output] ?? 0;
    for (let tap = 0; tap < taps; tap++) {
      const share = weights[output * most + tap] ?? 0;
      const from = ((first[output] ?? 0) + tap) * rowLength;
      for (let column = 0; column < rowLength; column++) {
        sums[column] = (sums[column] ?? 0) + share * (values[from + column] ?? 0);
      }
    }
    const to = output * rowLength;
    for (let column = 0; column < rowLength; column++) {
      result[to + column] = Math.max(0, Math.min(255, Math.floor((sums[column] ?? 0) + 0.5)));
    }
  }
  return result;
}

function tapsOf(from: number, to: number): Taps {
  const key = `${from}×${to}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const taps = makeTaps(from, to);
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
