import type { Random } from '../augmentation/random.ts';
import { type DrawingOptions, between, drawSet } from './drawing.ts';

const NAMES = ['red', 'green', 'blue'] as const;

/** Images of each class: with a share of 15 %, 12 of them are dev images. */
const PER_CLASS = 80;

const SIDE = 110;

/**
 * Draws the easy set: pictures of one red, green or blue, 110×110 PNG. The class's own channel is bright (150 to 255)
 * and the other two darker by at least 60, so that a person names every colour at once; a disc of a second shade of
 * the same colour, at any place, keeps two pictures from being the same.
 */
export async function drawColors(folder: string, options: DrawingOptions): Promise<void> {
  const classes = NAMES.map((name, own) => ({
    name,
    count: options.perClass ?? PER_CLASS,
    draw: (random: Random) => {
      const strong = between(random, 150, 255);
      const channels = [0, 1, 2].map((channel) =>
        channel === own ? strong : between(random, 0, strong - 60),
      );
      const shade = between(random, 0.75, 0.95);
      const disc = channels.map((value) => value * shade);
      const [x, y, radius] = [between(random, 0, SIDE), between(random, 0, SIDE), between(random, 10, 45)];
      return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="${rgb(channels)}"/><circle cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" r="${radius.toFixed(2)}" fill="${rgb(disc)}"/></svg>`;
    },
  }));
  await drawSet(folder, classes, options);
}

function rgb(channels: readonly number[]): string {
  return `rgb(${channels.map((value) => Math.round(value)).join(',')})`;
}
