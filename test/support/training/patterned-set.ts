import type { Prepared, PreparedPart } from '../../../src-main/data/prepared.ts';
import { normalValues, randomStream } from '../../../src-main/training/random.ts';
import type { Part } from '../../../src-preload/contract/snapshot.ts';

/** Pixels of a side. */
const SIDE = 8;

/** Grey levels by which a pattern lies above or below the middle of the range. */
const STRENGTH = 30;

/** How images of a class are drawn. */
export interface PatternedClass {
  readonly training: number;
  readonly dev: number;
  /**
   * One of these is taken in turn: patterns, by their number, that are added (1) or taken away (−1), such as
   * `{ 0: 1, 1: -1 }`.
   */
  readonly looks: readonly Readonly<Record<number, number>>[];
  /** Standard deviation of the Gaussian noise over it, in grey levels. */
  readonly noise: number;
  /** Grey levels by which dev images are brighter. */
  readonly devBrighter?: number;
}

/**
 * Images of 8×8 grey pixels, each class told by patterns of lighter and darker pixels under noise: how hard such a set
 * is to learn is known from how it is drawn.
 */
export function patternedSet(classes: Readonly<Record<string, PatternedClass>>): Prepared {
  const names = Object.keys(classes);
  function part(name: Part): PreparedPart {
    const images = names.flatMap((label, index) => {
      const own = classes[label];
      const count = own === undefined || name === 'test' ? 0 : own[name];
      return Array.from({ length: count }, (_, image) => ({ label, index, image, own }));
    });
    const drawn = images.map(({ label, image, own }) => pixelsOf(own, name, label, image));
    return {
      count: images.length,
      pixels: Uint8Array.from(drawn.flatMap((one) => [...one])),
      labels: Int32Array.from(images, ({ index }) => index),
      paths: images.map(({ label, image }) => `${label}/${name} ${image}.png`),
    };
  }
  return {
    inputShape: [SIDE, SIDE, 1],
    classes: names,
    parts: { training: part('training'), dev: part('dev'), test: part('test') },
    unreadable: [],
  };
}

function pixelsOf(own: PatternedClass | undefined, part: Part, label: string, image: number): Uint8Array {
  const { looks = [], noise = 0, devBrighter = 0 } = own ?? {};
  const look = Object.entries(looks[image % looks.length] ?? {});
  const noises = normalValues(SIDE ** 2, noise, randomStream(1, part, label, image));
  return Uint8Array.from({ length: SIDE ** 2 }, (_, at) => {
    const signal = look.reduce((sum, [number, sign]) => sum + sign * (pattern(Number(number))[at] ?? 0), 0);
    const level = 127.5 + STRENGTH * signal + (noises[at] ?? 0) + (part === 'dev' ? devBrighter : 0);
    return Math.round(Math.min(255, Math.max(0, level)));
  });
}

const patterns = new Map<number, Int8Array>();

/** Of every pixel −1 or 1, by chance. */
function pattern(number: number): Int8Array {
  const made =
    patterns.get(number) ??
    Int8Array.from(normalValues(SIDE ** 2, 1, randomStream(2, number)), (value) => (value < 0 ? -1 : 1));
  patterns.set(number, made);
  return made;
}
