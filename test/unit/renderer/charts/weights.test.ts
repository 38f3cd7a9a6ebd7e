import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import type { UnitsSnapshot } from '../../../../src-preload/contract/snapshot.ts';
import { weightsOption } from '../../../../src-renderer/charts/weights.ts';

const frame = { width: 1440, height: 900, theme: 'light' } as const;

interface Element {
  type: string;
  style: { text?: string; image?: string; x?: number; y?: number; width?: number; height?: number };
}

function unitsOf(count: number, width: number, height: number, channels: 1 | 3): UnitsSnapshot {
  return {
    kind: 'units',
    epoch: 100,
    parameter: 'L0_Dense_W',
    scale: 0.25,
    count,
    width,
    height,
    channels,
    pixels: Uint8Array.from({ length: count * width * height * channels }, (_, index) => (index * 37) % 256),
  };
}

function elementsOf(...units: UnitsSnapshot[]): Element[] {
  return weightsOption({ units }, frame)['graphic'] as Element[];
}

function picturesOf(elements: readonly Element[]): Element[] {
  return elements.filter(({ type }) => type === 'image');
}

function pixelsOf(picture: Element) {
  const [head, data] = picture.style.image!.split(',');
  expect(head).toBe('data:image/png;base64');
  return decode(Buffer.from(data!, 'base64'));
}

test.each([1, 3] as const)('each unit is a picture of its own pixels, with %i channels', (channels) => {
  const units = unitsOf(8, 16, 12, channels);
  const pictures = picturesOf(elementsOf(units));
  expect(pictures).toHaveLength(8);
  pictures.forEach((picture, unit) => {
    const { width, height, data, channels: drawn } = pixelsOf(picture);
    const enlarged = width / 16;
    expect([height / 12, drawn]).toEqual([enlarged, channels]);
    // The middle of each enlarged pixel.
    const middle = Math.floor(enlarged / 2);
    const seen = Array.from({ length: 12 * 16 * channels }, (_, index) => {
      const pixel = Math.floor(index / channels);
      const [y, x] = [Math.floor(pixel / 16) * enlarged + middle, (pixel % 16) * enlarged + middle];
      return data[(y * width + x) * channels + (index % channels)];
    });
    const size = 12 * 16 * channels;
    expect(seen).toEqual([...units.pixels.subarray(unit * size, (unit + 1) * size)]);
  });
});

test('an enlarged picture has as many pixels as it is drawn with, a whole number for each weight', () => {
  const [picture] = picturesOf(elementsOf(unitsOf(8, 16, 16, 1)));
  const { width, height } = pixelsOf(picture!);
  expect([picture!.style.width, picture!.style.height]).toEqual([width, height]);
  expect(width % 16).toBe(0);
  expect(width).toBeGreaterThan(16 * 10);
});

test.each([
  [8, 16, 16],
  [10, 110, 110],
  [100, 110, 110],
  [30, 1, 1],
])('%i units of %i×%i find room in the frame without touching', (count, width, height) => {
  const pictures = picturesOf(elementsOf(unitsOf(count, width, height, 1)));
  expect(pictures).toHaveLength(count);
  const boxes = pictures.map(({ style }) => ({
    left: style.x!,
    top: style.y!,
    right: style.x! + style.width!,
    bottom: style.y! + style.height!,
  }));
  for (const [index, box] of boxes.entries()) {
    expect(box.right).toBeLessThanOrEqual(frame.width);
    expect(box.bottom).toBeLessThanOrEqual(frame.height);
    for (const other of boxes.slice(index + 1))
      expect(other.left >= box.right || other.top >= box.bottom || other.right <= box.left).toBe(true);
  }
});

test('titles name parameter and unit, and the scale says which weight its ends are', () => {
  const texts = elementsOf(unitsOf(2, 16, 16, 1)).flatMap(({ style }) => style.text ?? []);
  expect(texts).toEqual(['L0_Dense_W', '−0.25', '0', '+0.25', 'L0_Dense_W 0', 'L0_Dense_W 1']);
});

test('parameters stand below each other, each with its own scale', () => {
  const elements = elementsOf(unitsOf(4, 16, 16, 1), {
    ...unitsOf(3, 10, 1, 1),
    parameter: 'L4_Dense_W',
    scale: 1.5,
  });
  const pictures = picturesOf(elements);
  expect(pictures).toHaveLength(7);
  const last = Math.max(...pictures.slice(0, 4).map(({ style }) => style.y! + style.height!));
  for (const { style } of pictures.slice(4)) expect(style.y).toBeGreaterThan(last);
  expect(elements.flatMap(({ style }) => style.text ?? [])).toContain('+1.5');
});

test('no tracked unit is an empty chart that says so', () => {
  expect(weightsOption({ units: [] }, frame)['title']).toMatchObject({ subtext: 'No unit is tracked' });
});
