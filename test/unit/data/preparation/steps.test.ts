import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Pixels } from '../../../../src-main/data/pixels.ts';
import { adaptiveInvert } from '../../../../src-main/data/preparation/adaptive-invert.ts';
import { grayscale } from '../../../../src-main/data/preparation/grayscale.ts';
import { minmaxNormalize } from '../../../../src-main/data/preparation/minmax-normalize.ts';
import { resize } from '../../../../src-main/data/preparation/resize.ts';
import { trim } from '../../../../src-main/data/preparation/trim.ts';

function grey(rows: readonly (readonly number[])[]): Pixels {
  return {
    width: rows[0]?.length ?? 0,
    height: rows.length,
    channels: 1,
    data: Uint8Array.from(rows.flat()),
  };
}

function rowsOf({ width, height, channels, data }: Pixels): number[][] {
  return Array.from({ length: height }, (_, y) => [
    ...data.subarray(y * width * channels, (y + 1) * width * channels),
  ]);
}

function colour(...pixels: readonly (readonly [number, number, number])[]): Pixels {
  return { width: pixels.length, height: 1, channels: 3, data: Uint8Array.from(pixels.flat()) };
}

test('trim grows the box of what differs to the aspect ratio of the image, about its centre', () => {
  // What differs is 1 wide and 3 high, at x = 2; the image is square, so the box becomes 3×3 around x = 2: 1 to 3.
  const image = grey([
    [0, 0, 0, 0, 0],
    [0, 0, 7, 0, 0],
    [0, 0, 8, 0, 0],
    [0, 0, 9, 0, 0],
    [0, 0, 0, 0, 0],
  ]);
  expect(rowsOf(trim(image))).toEqual([
    [0, 7, 0],
    [0, 8, 0],
    [0, 9, 0],
  ]);
});

test('trim moves a grown box back inside at a border, and keeps its size', () => {
  // The box is 1×3 at x = 4, the last column: about its centre it would reach x = 5, so it is moved to 2..4.
  const image = grey([
    [0, 0, 0, 0, 0],
    [0, 0, 0, 0, 1],
    [0, 0, 0, 0, 2],
    [0, 0, 0, 0, 3],
    [0, 0, 0, 0, 0],
  ]);
  expect(rowsOf(trim(image))).toEqual([
    [0, 0, 1],
    [0, 0, 2],
    [0, 0, 3],
  ]);
});

test('trim keeps an odd aspect ratio', () => {
  // 6×2 with one differing pixel at (2, 0): 1×1 grows to 3×1 (ratio 3), columns 1 to 3.
  const image = grey([
    [5, 5, 9, 5, 5, 5],
    [5, 5, 5, 5, 5, 5],
  ]);
  expect(rowsOf(trim(image))).toEqual([[5, 9, 5]]);
});

test('trim leaves a blank image and an image of one pixel as they are', () => {
  const blank = grey([
    [3, 3],
    [3, 3],
  ]);
  expect(trim(blank)).toBe(blank);
  const one = grey([[200]]);
  expect(trim(one)).toBe(one);
});

test('trim looks at every channel', () => {
  const image = colour([1, 2, 3], [1, 2, 3], [1, 2, 4], [1, 2, 3]);
  // Box 1×1 at x = 2 in an image of 4×1: it grows to 4×1, the whole image.
  expect(trim(image)).toBe(image);
});

test('grayscale gives the BT.709 luma, halves up', () => {
  // 0.2126 × 255 = 54.213; 0.7152 × 255 = 182.376; 0.0722 × 255 = 18.411; white 255; (10, 20, 30): 18.596.
  const image = colour([255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [10, 20, 30]);
  expect(rowsOf(grayscale(image))).toEqual([[54, 182, 18, 255, 19]]);
});

test('min-max stretches each channel by itself and leaves a flat one', () => {
  // Red 10..20: 15 lies in the middle, 127.5 rounds up. Green is flat. Blue 0..255 stays.
  const image = colour([10, 7, 0], [20, 7, 255], [15, 7, 100]);
  expect(rowsOf(minmaxNormalize(image))).toEqual([[0, 7, 0, 255, 7, 255, 128, 7, 100]]);
});

test('adaptive invert turns an image with a dark top-left pixel, and no other', () => {
  expect(rowsOf(adaptiveInvert(grey([[127, 0, 255]])))).toEqual([[128, 255, 0]]);
  expect(rowsOf(adaptiveInvert(grey([[128, 0, 255]])))).toEqual([[128, 0, 255]]);
  // Luma of (255, 50, 50): 54.213 + 35.76 + 3.61 = 93.583: dark, though its red is not.
  expect(rowsOf(adaptiveInvert(colour([255, 50, 50])))).toEqual([[0, 205, 205]]);
});

test('resize weighs what it shrinks with the Lanczos kernel, widened', () => {
  // Output 0 lies at 1, twice the new step from its inputs at 0.5, 1.5, 2.5 and 3.5: a quarter of a lobe from two of
  // them, three quarters and five quarters from the others. L(1/4) = 0.890067, L(3/4) = 0.270190,
  // L(5/4) = −0.132871; sum 1.917453. (0.890067 · (0 + 100) + 0.270190 · 200 − 0.132871 · 50) / 1.917453 = 71.1,
  // and from the other side (0.890067 · (50 + 200) + 0.270190 · 100 − 0.132871 · 0) / 1.917453 = 130.1.
  expect(rowsOf(resize(grey([[0, 100, 200, 50]]), { width: 2, height: 1 }))).toEqual([[71, 130]]);
  expect(rowsOf(resize(grey([[0], [100], [200], [50]]), { width: 1, height: 2 }))).toEqual([[71], [130]]);
});

test('resize interpolates what it enlarges, cut off at 0 and 255', () => {
  // Output 0 lies at 1/4: (0.890067 · 0 − 0.132871 · 100) / 0.757196 = −17.5; output 1 at 3/4:
  // 0.270190 · 100 / 1.160257 = 23.3; the others from the other side: 76.7 and 117.5.
  expect(rowsOf(resize(grey([[0, 100]]), { width: 4, height: 1 }))).toEqual([[0, 23, 77, 118]]);
  expect(rowsOf(resize(grey([[0, 250]]), { width: 4, height: 1 }))[0]?.at(-1)).toBe(255);
});

test('resize treats every channel as it does grey', () => {
  const channels = [
    [7, 250, 31, 0, 9, 80],
    [90, 0, 12, 55, 200, 3],
    [200, 201, 3, 66, 77, 88],
  ];
  const size = { width: 5, height: 3 };
  const alone = channels.map((values) => resize(grey([values.slice(0, 3), values.slice(3)]), size).data);
  const data = Uint8Array.from({ length: 18 }, (_, at) => channels[at % 3]?.[Math.floor(at / 3)] ?? 0);
  const together = resize({ width: 3, height: 2, channels: 3, data }, size).data;
  for (const [channel, values] of alone.entries()) {
    expect([...together].filter((_, at) => at % 3 === channel)).toEqual([...values]);
  }
});

test('resize is near what another program gives for the same kernel', async () => {
  // A smooth picture: there the ways that programs treat the border and round between the passes hardly tell.
  const width = 60;
  const data = Uint8Array.from({ length: width * width * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    return Math.round(127 + 60 * Math.sin(x / 7 + (at % 3)) + 60 * Math.cos(y / 9));
  });
  const image: Pixels = { width, height: width, channels: 3, data };
  const ours = resize(image, { width: 20, height: 15 }).data;
  const theirs = await sharp(data, { raw: { width, height: width, channels: 3 } })
    .resize(20, 15, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  expect(Math.max(...ours.map((value, at) => Math.abs(value - (theirs[at] ?? 0))))).toBeLessThanOrEqual(4);
});

test('resize gives exactly the size asked for, whatever the aspect ratio, from one pixel too', () => {
  const one: Pixels = { width: 1, height: 1, channels: 3, data: Uint8Array.from([9, 8, 7]) };
  expect(rowsOf(resize(one, { width: 2, height: 1 }))).toEqual([[9, 8, 7, 9, 8, 7]]);
  const flat = grey(Array.from({ length: 7 }, () => [40, 40, 40]));
  const resized = resize(flat, { width: 4, height: 2 });
  expect(rowsOf(resized)).toEqual([
    [40, 40, 40, 40],
    [40, 40, 40, 40],
  ]);
});

test('resize leaves an image that has the size untouched', () => {
  const image = grey([[1, 2, 3]]);
  expect(resize(image, { width: 3, height: 1 })).toBe(image);
});
