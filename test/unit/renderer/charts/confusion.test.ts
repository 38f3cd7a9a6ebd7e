import type { HeatmapSeriesOption } from 'echarts/charts';
import { expect, test } from 'vitest';
import { type ConfusionInput, confusionOption } from '../../../../src-renderer/charts/confusion.ts';
import type { ConfusionSnapshot } from '../../../../src-preload/contract/snapshot.ts';

const frame = { width: 1440, height: 900, theme: 'light' } as const;
const classes = ['cat', 'dog'];
// Of 4 cats 3 are seen as cats and 1 as a dog; both dogs as cats.
const dev: ConfusionSnapshot = {
  kind: 'confusion',
  epoch: 5,
  part: 'dev',
  classes: 2,
  counts: Uint32Array.of(3, 1, 2, 0),
};
const training: ConfusionSnapshot = { ...dev, part: 'training', counts: Uint32Array.of(0, 0, 1, 9) };

function seriesOf(input: ConfusionInput): HeatmapSeriesOption[] {
  return confusionOption(input, frame)['series'] as HeatmapSeriesOption[];
}

function textOf(series: HeatmapSeriesOption, cell: number): string {
  const { value } = (series.data as { value: unknown }[])[cell]!;
  const { formatter } = series.label!;
  return (formatter as (point: unknown) => string)({ value });
}

test('a cell has its column, its row, its share of the row and its count', () => {
  const [series] = seriesOf({ classes, matrices: [dev] });
  expect((series!.data as { value: number[] }[]).map(({ value }) => value)).toEqual([
    [0, 0, 0.75, 3],
    [1, 0, 0.25, 1],
    [0, 1, 1, 2],
    [1, 1, 0, 0],
  ]);
});

test('a cell says its count and share, and nothing where there is no image', () => {
  const [series] = seriesOf({ classes, matrices: [dev] });
  expect(textOf(series!, 0)).toBe('3\n{rate|75 %}');
  expect(textOf(series!, 3)).toBe('');
});

test('a class without images has no share', () => {
  const [series] = seriesOf({ classes, matrices: [training] });
  expect((series!.data as { value: number[] }[])[0]!.value).toEqual([0, 0, 0, 0]);
});

test('two parts stand side by side, each with its images and how many of them were right', () => {
  const option = confusionOption({ classes, matrices: [training, dev] }, frame);
  const grids = option['grid'] as { left: number; width: number }[];
  expect(grids).toHaveLength(2);
  expect(grids[1]!.left).toBeGreaterThan(grids[0]!.left + grids[0]!.width);
  expect(grids[1]!.left + grids[1]!.width).toBeLessThan(frame.width);
  const titles = (option['graphic'] as { style: { text: string } }[]).map(({ style }) => style.text);
  expect(titles).toEqual(['training: 10 images, 90.0 % right', 'dev: 6 images, 50.0 % right']);
  expect((option['title'] as { subtext: string }).subtext).toMatch(/^Epoch 5\. Rows/);
});

test('a matrix of the final evaluation says so, with the epoch of the weights', () => {
  const final = { ...dev, kind: 'final-confusion' } as const;
  const option = confusionOption({ classes, matrices: [final] }, frame);
  expect((option['title'] as { subtext: string }).subtext).toMatch(/^At the end \(epoch 5\)\. Rows/);
  const both = confusionOption({ classes, matrices: [{ ...training, epoch: 4 }, final] }, frame);
  expect((both['graphic'] as { style: { text: string } }[]).map(({ style }) => style.text)).toEqual([
    'training, epoch 4: 10 images, 90.0 % right',
    'dev, at the end (epoch 5): 6 images, 50.0 % right',
  ]);
});

test('the first class is the top row, and names of classes are text', () => {
  const option = confusionOption({ classes: ['<b>', 'dog'], matrices: [dev] }, frame);
  expect(option['yAxis']).toMatchObject([{ inverse: true, data: ['<b>', 'dog'] }]);
  const { formatter } = option['tooltip'] as { formatter: (point: unknown) => string };
  expect(formatter({ value: [0, 1, 1, 2] })).toBe('dog taken for &lt;b&gt;: <b>2</b> (100.0 %)');
});

test('many classes have small cells without text, rather than text without room', () => {
  const many = Array.from({ length: 60 }, (_, index) => `class ${index}`);
  const matrix = { ...dev, classes: 60, counts: new Uint32Array(3600).fill(1) };
  expect(seriesOf({ classes: many, matrices: [matrix] })[0]!.label!.show).toBe(false);
});

test('no matrix is an empty chart that says so', () => {
  expect(confusionOption({ classes, matrices: [] }, frame)['title']).toMatchObject({
    subtext: 'None was kept',
  });
});
