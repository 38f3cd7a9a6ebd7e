import { z } from 'zod';
import digitsJson from '../../../resources/fonts/digits.json' with { type: 'json' };
import type { Random } from '../augmentation/random.ts';
import { luma } from '../pixels.ts';
import { type DrawingOptions, between, drawSet } from './drawing.ts';

const Digits = z.object({
  typefaces: z
    .array(z.object({ digits: z.array(z.object({ width: z.number(), path: z.string() })).length(10) }))
    .min(1),
});

const SIDE = 110;

/**
 * Images of each class: 847 in all, and with shares of 70, 15 and 15 % exactly 593 training and 132 dev images,
 * which are the counts of the study that the set stands in for.
 */
export const IMAGES_PER_CLASS: readonly number[] = [90, 70, 90, 90, 77, 90, 90, 70, 90, 90];

/** Empty pixels between a digit and the border: the background must show at the top-left pixel. */
const MARGIN = 4;

/** Height of a digit in pixels: from less than half to most of the picture, so that no pixel is ink in all. */
const HEIGHTS = [46, 84] as const;

/** How far a digit lies from the middle, as a share of the way to the border. */
const PLACE = 0.2;

/** Share of digits that are drawn by their outline alone. */
const HOLLOW = 0.15;

/** Share of digits that are slanted, and by how many degrees at most, as italics are. */
const SLANTED = 0.3;
const MAX_SLANT = 14;

/** Share of pictures that are light on dark. */
const DARK = 0.5;

/**
 * Difference of luma between digit and background (0..255): at least what a person still reads, at most so much that
 * what raw pixels show first is the background. Stretching brings the digit out.
 */
const CONTRAST = [6, 18] as const;

/**
 * Draws the digits 0–9 as 110×110 PNGs: in many typefaces, some hollow, some slanted, large and small, about the
 * middle, in any colour on a flat background of any colour, half of them light on dark.
 *
 * Why so: every one of these hides the digit from a dense network that sees raw pixels, which therefore learns its
 * training images by heart, and every one is taken away by a step of the preparation: place and size by trimming and
 * resizing, colour and faintness by grayscale and stretching, light on dark by inverting. What is left for a prepared
 * network is the typeface, the slant and the hollow ones. The backgrounds are perfectly flat, so that trimming finds
 * the digit.
 *
 * Sizes, places and contrast were set so that three networks without regularization find the set as hard as those of
 * the study found theirs. Training and dev accuracy after 100 epochs, the first and third as means over two drawings
 * with two model seeds each: one hidden layer of 100 units on raw pixels 75 % and 26 % (the study: 73 % and 31 %),
 * layers of 400, 200 and 100 units 100 % and 23 % (100 % and 15 %), 16 units with all of the preparation 100 % and
 * 97 % (above 95 %, less than 5 points apart).
 */
export async function drawNumbers(folder: string, options: DrawingOptions): Promise<void> {
  const { typefaces } = Digits.parse(digitsJson);
  const classes = IMAGES_PER_CLASS.map((count, digit) => ({
    name: String(digit),
    count: options.perClass ?? count,
    draw: (random: Random) => {
      const typeface = typefaces[Math.floor(random.next() * typefaces.length)];
      const outline = typeface?.digits[digit];
      if (outline === undefined) throw new Error(`There is no outline of digit ${digit}.`);
      return drawDigit(outline, random);
    },
  }));
  await drawSet(folder, classes, options);
}

function drawDigit(outline: { readonly width: number; readonly path: string }, random: Random): string {
  const slant = random.next() < SLANTED ? between(random, 3, MAX_SLANT) : 0;
  const lean = Math.tan((slant * Math.PI) / 180);
  const hollow = random.next() < HOLLOW;
  const stroke = hollow ? between(random, 40, 60) : 0;
  const unitWidth = outline.width + 1000 * lean + stroke;
  const room = SIDE - 2 * MARGIN;
  const scale = Math.min(between(random, ...HEIGHTS) / (1000 + stroke), room / unitWidth);
  const halfWidth = (unitWidth * scale) / 2;
  const halfHeight = ((1000 + stroke) * scale) / 2;
  const [x, y] = [halfWidth, halfHeight].map((half) => {
    const way = PLACE * (SIDE / 2 - MARGIN - half);
    return SIDE / 2 + between(random, -way, way);
  });
  const [background, ink] = colours(random);
  const paint = hollow ? `fill="none" stroke="${ink}" stroke-width="${stroke.toFixed(1)}"` : `fill="${ink}"`;
  const place = [scale, 0, -lean * scale, scale, x, y].map((value = 0) => value.toFixed(5)).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="${SIDE}" height="${SIDE}" fill="${background}"/><path transform="matrix(${place})" ${paint} d="${outline.path}"/></svg>`;
}

function colours(random: Random): [string, string] {
  const dark = random.next() < DARK;
  for (;;) {
    const background = [0, 1, 2].map(() => Math.floor(random.next() * 256));
    const ink = [0, 1, 2].map(() => Math.floor(random.next() * 256));
    const difference = lumaOf(ink) - lumaOf(background);
    const isDark = lumaOf(background) < 127.5;
    // What adaptive inversion turns round must be what a person calls light on dark.
    const contrast = dark ? difference : -difference;
    if (isDark === dark && contrast >= CONTRAST[0] && contrast <= CONTRAST[1]) {
      return [rgb(background), rgb(ink)];
    }
  }
}

function lumaOf([red = 0, green = 0, blue = 0]: readonly number[]): number {
  return luma(red, green, blue);
}

function rgb(channels: readonly number[]): string {
  return `rgb(${channels.join(',')})`;
}
