import { expect, test } from 'vitest';
import {
  chartColors,
  type RunLook,
  runLooks,
  type ThemeName,
} from '../../../../src-renderer/charts/palette.ts';

type Triple = readonly [number, number, number];

/** Linear light of sRGB, 0..1 (IEC 61966-2-1). */
function linearOf(color: string): Triple {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = parseInt(color.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
}

function times(matrix: readonly Triple[], [x, y, z]: Triple): Triple {
  const [first = 0, second = 0, third = 0] = matrix.map(([a, b, c]) => a * x + b * y + c * z);
  return [first, second, third];
}

/** Ratio of WCAG 2.2, 1 to 21. */
function contrast(one: string, other: string): number {
  const [low, high] = [one, other]
    .map((color) => {
      const [red, green, blue] = linearOf(color);
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    })
    .sort((first, second) => first - second);
  return (high! + 0.05) / (low! + 0.05);
}

/** Simulations at full severity (Machado, Oliveira and Fernandes, 2009, table 1), in linear light. */
const VISIONS: Readonly<Record<string, readonly Triple[]>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** OKLab of linear light (Björn Ottosson, 2020). */
function okLabOf(linear: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    linear,
  ).map((value) => Math.cbrt(Math.max(0, value)));
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    [cones[0]!, cones[1]!, cones[2]!],
  );
}

function distance(one: string, other: string, vision: readonly Triple[]): number {
  const [first, second] = [one, other].map((color) => {
    const seen = times(vision, linearOf(color));
    return okLabOf([seen[0], seen[1], seen[2]]);
  });
  return Math.hypot(...first!.map((value, index) => value - second![index]!));
}

test.each(['light', 'dark'] as const)('colours of runs stand out from the %s background', (theme) => {
  for (const { color } of runLooks(200, theme))
    expect(contrast(color, chartColors(theme).background)).toBeGreaterThanOrEqual(3);
});

test.each(['light', 'dark'] as const)('text can be read on the %s background', (theme) => {
  const { text, mutedText, background } = chartColors(theme);
  expect(contrast(text, background)).toBeGreaterThanOrEqual(7);
  expect(contrast(mutedText, background)).toBeGreaterThanOrEqual(4.5);
});

test.each(
  (['light', 'dark'] as const).flatMap((theme) =>
    Object.keys(VISIONS).map((vision) => [theme, vision] as const),
  ),
)('any two of seven runs on %s are told apart with %s colour vision', (theme, vision) => {
  const colors = runLooks(7, theme).map(({ color }) => color);
  for (const [index, color] of colors.entries())
    for (const other of colors.slice(index + 1))
      expect(distance(color, other, VISIONS[vision]!)).toBeGreaterThan(0.095);
});

/** Every pair of looks, once. */
function pairsOf(count: number, theme: ThemeName): [RunLook, RunLook][] {
  const looks = runLooks(count, theme);
  return looks.flatMap((one, index) =>
    looks.slice(index + 1).map((other): [RunLook, RunLook] => [one, other]),
  );
}

/** The smallest of the distances of pairs, as they are seen by all of these people. */
function least(pairs: readonly [RunLook, RunLook][], visions: readonly string[]): number {
  return Math.min(
    ...pairs.flatMap(([one, other]) =>
      visions.map((vision) => distance(one.color, other.color, VISIONS[vision]!)),
    ),
  );
}

// A distance of 0.02 in OKLab is about what can just be seen side by side.
test.each([
  ['light', 20, 0.12],
  ['dark', 20, 0.12],
  ['light', 60, 0.07],
  ['dark', 60, 0.07],
  ['light', 200, 0.04],
  ['dark', 200, 0.04],
] as const)('on %s each of %i runs has a colour of its own', (theme, count, apart) => {
  expect(least(pairsOf(count, theme), ['full'])).toBeGreaterThan(apart);
});

test.each(['light', 'dark'] as const)(
  'runs of one mark among 200 on %s are told apart with red-green blindness, and of 20 all are by colour',
  (theme) => {
    const few = ['protanopia', 'deuteranopia'];
    const ofOneMark = pairsOf(200, theme).filter(([one, other]) => one.mark === other.mark);
    expect(ofOneMark.length).toBeGreaterThan(3000);
    expect(least(ofOneMark, few)).toBeGreaterThan(0.02);
    expect(least(pairsOf(20, theme), few)).toBeGreaterThan(0.04);
  },
);
