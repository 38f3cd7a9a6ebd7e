import { describe, expect, test } from 'vitest';
import { fitPowerLaw, lawAccuracy, learningCurve } from '../../../src-main/analysis/learning-curve.ts';

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
    const curve = learningCurve(SIZES.map((images) => ({ images, accuracies: [0.6, 0.6 - images / 1e5] })));
    expect(curve?.sentence).toMatch(/^No: from 50 to 800 training images/);
    expect(curve?.expected).toEqual([]);
  });

  test('it cannot be told, where seeds scatter by more than it rises', () => {
    const curve = learningCurve(
      SIZES.map((images, index) => ({
        images,
        accuracies: [-0.1, 0, 0.1].map((off) => 0.5 + 0.005 * index + off),
      })),
    );
    expect(curve?.sentence).toMatch(/^It cannot be told/);
  });

  test('one seed gets no interval, and is called one seed', () => {
    const curve = learningCurve(SIZES.map((images) => ({ images, accuracies: [0.9 - 4 * images ** -0.5] })));
    expect(curve?.expected[0]?.interval).toBeNull();
    expect(curve?.sentence).toContain('One seed');
  });

  test('two sizes are no curve', () => {
    expect(
      learningCurve([
        { images: 10, accuracies: [0.5] },
        { images: 20, accuracies: [0.6] },
      ]),
    ).toBeNull();
  });
});
