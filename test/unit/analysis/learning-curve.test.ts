import { describe, expect, test } from 'vitest';
import {
  fitPowerLaw,
  lawAccuracy,
  learningCurve,
  type SizedAccuracies,
} from '../../../src-main/analysis/learning-curve.ts';
import { normalValues, randomStream } from '../../../src-main/training/random.ts';

const SIZES = [50, 100, 200, 400, 800];

describe('the law that error falls by', () => {
  test('is found again from figures that it gave', () => {
    const points = SIZES.map((images) => ({ images, error: 0.1 + 3 * images ** -0.5 }));
    const law = fitPowerLaw(points);
    expect(law?.exponent).toBeCloseTo(0.5, 9);
    expect(law?.floor).toBeCloseTo(0.1, 9);
    expect(law?.factor).toBeCloseTo(3, 9);
    expect(lawAccuracy(law ?? { floor: 0, factor: 0, exponent: 0 }, 1600)).toBeCloseTo(0.9 - 3 / 40, 9);
  });

  test('has no floor below 0', () => {
    const law = fitPowerLaw(SIZES.map((images) => ({ images, error: 40 / images })));
    expect(law?.floor).toBeGreaterThanOrEqual(0);
    expect(law?.floor).toBeCloseTo(0, 6);
  });

  test('is none where error does not fall', () => {
    expect(fitPowerLaw(SIZES.map((images) => ({ images, error: 0.2 + images / 10_000 })))).toBeNull();
  });
});

describe('would more images help', () => {
  test('yes, where accuracy rises by more than its seeds scatter', () => {
    const curve = learningCurve(
      SIZES.map((images) => ({
        images,
        accuracies: [-0.005, 0, 0.005].map((off) => 0.95 - 4 * images ** -0.5 + off),
      })),
      10_000,
    );
    expect(curve?.points.map(({ images, seeds }) => [images, seeds])).toEqual(SIZES.map((one) => [one, 3]));
    const [twice, fourTimes] = curve?.expected ?? [];
    expect(twice?.images).toBe(1600);
    expect(twice?.accuracy).toBeCloseTo(0.85, 2);
    expect(fourTimes?.images).toBe(3200);
    expect(twice?.interval?.low).toBeGreaterThan(0.95 - 4 * 800 ** -0.5);
    expect(curve?.sentence).toMatch(/^Yes, if the curve goes on .*1,600 training images.*95 % interval/);
  });

  test('no, where it does not rise', () => {
    const curve = learningCurve(
      SIZES.map((images) => ({ images, accuracies: [0.6, 0.6 - images / 1e5] })),
      132,
    );
    expect(curve?.sentence).toMatch(/^No: from 50 to 800 training images/);
    expect(curve?.expected).toEqual([]);
  });

  test('it cannot be told, where seeds scatter by more than it rises', () => {
    const curve = learningCurve(
      SIZES.map((images, index) => ({
        images,
        accuracies: [-0.1, 0, 0.1].map((off) => 0.5 + 0.005 * index + off),
      })),
      132,
    );
    expect(curve?.sentence).toMatch(/^It cannot be told/);
  });

  test('one seed gets no interval, and is called one seed', () => {
    const curve = learningCurve(
      SIZES.map((images) => ({ images, accuracies: [0.9 - 4 * images ** -0.5] })),
      132,
    );
    expect(curve?.expected[0]?.interval).toBeNull();
    expect(curve?.sentence).toContain('One seed');
  });

  test('two sizes are no curve', () => {
    expect(
      learningCurve(
        [
          { images: 10, accuracies: [0.5] },
          { images: 20, accuracies: [0.6] },
        ],
        132,
      ),
    ).toBeNull();
  });
});

describe('its doubt', () => {
  function curveOf(devImages: number) {
    return learningCurve(
      SIZES.map((images) => ({
        images,
        accuracies: [-0.005, 0, 0.005].map((off) => 0.95 - 4 * images ** -0.5 + off),
      })),
      devImages,
    );
  }

  test('is the larger the fewer dev images there are, and what is gained on them is as sure', () => {
    const [few, many] = [curveOf(132), curveOf(1e9)];
    const [fewDev, noDev] = [few, many].map((curve) => curve?.expected[0]?.interval);
    // What is left without them is the seeds' doubt; √(0.85 · 0.15 / 132) is 3.1 points, twice 1.96 of it 12.2.
    const seeds = (noDev?.high ?? NaN) - (noDev?.low ?? NaN);
    const both = (fewDev?.high ?? NaN) - (fewDev?.low ?? NaN);
    expect(both).toBeCloseTo(Math.hypot(seeds, 0.122), 1);
    expect(seeds).toBeLessThan(0.06);
    const gains = [few, many].map((curve) =>
      / \d+\.\d to \d+\.\d points more on the same dev images/.exec(curve?.sentence ?? ''),
    );
    expect(gains[0]?.[0]).toBeDefined();
    expect(gains[0]?.[0]).toBe(gains[1]?.[0]);
  });

  test('says what it covers, and what it does not', () => {
    expect(curveOf(132)?.sentence).toMatch(
      /The intervals cover the seeds, the first the number of dev images too; not which training images there are/,
    );
  });

  /** Accuracies that networks have on the same dev images, some of which are hard for all of them. */
  function measured(
    simulation: number,
    truth: (images: number) => number,
    devImages: number,
  ): SizedAccuracies[] {
    const normal = normalValues(40_000, 1, randomStream(simulation, 'learning curve'));
    let at = devImages;
    return SIZES.map((images) => ({
      images,
      accuracies: [0, 1, 2].map(() => {
        const cut = quantileOfNormal(truth(images) + 0.01 * (normal[at++] ?? 0));
        let right = 0;
        for (let image = 0; image < devImages; image++) {
          if (Math.SQRT1_2 * ((normal[image] ?? 0) + (normal[at++] ?? 0)) < cut) right++;
        }
        return right / devImages;
      }),
    }));
  }

  test('holds the accuracy on other images in as many cases as it says', () => {
    let held = 0;
    for (let simulation = 0; simulation < 60; simulation++) {
      const sizes = measured(simulation, (images) => 0.9 - 3 * images ** -0.5, 132);
      const interval = learningCurve(sizes, 132)?.expected[0]?.interval;
      const truth = 0.9 - 3 * 1600 ** -0.5;
      if ((interval?.low ?? NaN) <= truth && truth <= (interval?.high ?? NaN)) held++;
    }
    expect(held).toBeGreaterThanOrEqual(57);
  });

  test('lets nobody hope where more images bring nothing', () => {
    let hopes = 0;
    for (let simulation = 0; simulation < 60; simulation++) {
      if (
        learningCurve(
          measured(simulation, () => 0.6, 132),
          132,
        )?.sentence.startsWith('Yes') === true
      )
        hopes++;
    }
    expect(hopes).toBeLessThanOrEqual(3);
  });
});

/** By halving: where the normal distribution function comes to a probability. */
function quantileOfNormal(probability: number): number {
  let [low, high] = [-6, 6];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (normalShareBelow(middle) < probability) low = middle;
    else high = middle;
  }
  return low;
}

/** M. Abramowitz, I. A. Stegun, Handbook of mathematical functions, 26.2.17: to 7.5 · 10⁻⁸. */
function normalShareBelow(value: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(value));
  const sum =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * sum;
  return value < 0 ? tail : 1 - tail;
}
