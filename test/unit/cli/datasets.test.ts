import { expect, test } from 'vitest';
import { healthText, nameOf } from '../../../src-main/cli/datasets.ts';
import { widthOf } from '../../../src-main/cli/text-table.ts';
import type { DatasetHealth } from '../../../src-preload/contract/dataset.ts';

const parts = { training: 14, dev: 3, test: 3 };
const healthy: DatasetHealth = {
  summary: {
    name: 'shapes',
    folder: '/sets/shapes',
    builtIn: false,
    drawn: true,
    classes: [
      { name: 'round', images: 20, parts },
      { name: 'square', images: 20, parts },
    ],
    images: 40,
    bytes: 4096,
    parts: { training: 28, dev: 6, test: 6 },
  },
  unreadable: [],
  duplicates: [],
  sizes: [{ width: 12, height: 12, images: 40 }],
  modes: [{ mode: 'rgb', images: 40 }],
  oddSizes: [],
  oddModes: [],
  turned: [],
  imbalance: 1,
  fewDevImages: [],
  findings: [],
};

test('a set without faults is said to have none', () => {
  const text = healthText(healthy, 100);
  expect(text).toMatch(/^ {2}Together +40 +28 +6 +6$/m);
  expect(text.split('\n').slice(-2)).toEqual(['Findings', '  Nothing is wrong with it.']);
});

test('each fault is told once: what a finding tells whole has no section of its own', () => {
  const few = 'Class round has 3 dev images: each is worth 33 % of its accuracy.';
  const leak = 'Leak: round/1.png (training) and round/2.png (dev) are the same picture.';
  const text = healthText(
    {
      ...healthy,
      duplicates: [
        {
          kind: 'exact',
          distance: 0,
          leak: true,
          mislabelled: false,
          images: [
            { path: 'round/1.png', className: 'round', part: 'training' },
            { path: 'round/2.png', className: 'round', part: 'dev' },
          ],
        },
        {
          kind: 'near',
          distance: 2,
          leak: false,
          mislabelled: false,
          images: [
            { path: 'square/3.png', className: 'square', part: 'test' },
            { path: 'square/4.png', className: 'square', part: 'test' },
          ],
        },
      ],
      fewDevImages: [{ className: 'round', dev: 3, halfWidth: 0.375, oneImage: 1 / 3 }],
      findings: [
        { severity: 'error', message: leak },
        { severity: 'warning', message: few },
      ],
    },
    120,
  );
  expect(text.split('round/1.png')).toHaveLength(2);
  expect(text.split('33 %')).toHaveLength(2);
  expect(text).toMatch(/^ {2}Error: Leak/m);
  expect(text).toMatch(/^ {2}near {2}square\/3\.png, square\/4\.png \(test\)$/m);
});

test('of many findings the first are told and the rest counted, and long ones are broken', () => {
  const findings = Array.from({ length: 30 }, (_, index) => ({
    severity: 'warning' as const,
    message: `Class number ${index} has 3 dev images: each is worth 33 % of its accuracy, which is known to within ± 37 % only.`,
  }));
  const text = healthText({ ...healthy, findings }, 80);
  expect(text).toMatch(/and 18 more warnings; all of them: --json$/);
  expect(widthOf(text)).toBeLessThanOrEqual(80);
});

test('a drawn set is named after what was asked for, never like the built-in one', () => {
  expect(nameOf('numbers', 7, undefined)).toBe('numbers-seed-7');
  expect(nameOf('colors', 7, 20)).toBe('colors-seed-7-20-per-class');
});
