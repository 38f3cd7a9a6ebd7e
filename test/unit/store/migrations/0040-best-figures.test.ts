import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { runsMigration } from '../../../../src-main/store/migrations/0010-runs.ts';
import { bestFiguresMigration } from '../../../../src-main/store/migrations/0040-best-figures.ts';
import { packCurve } from '../../../../src-main/store/series.ts';

function curve(...values: number[]): Uint8Array {
  return packCurve({
    epochs: Uint32Array.from(values, (_, index) => index + 1),
    values: Float64Array.from(values),
  });
}

test('runs that were there know the best of each figure from their curves, and the epoch of it', () => {
  const database = new Database(':memory:');
  onTestFinished(() => {
    database.close();
  });
  runsMigration.up(database);
  const insert = database.prepare(
    `INSERT INTO runs (number, id, name, status, launch_group, dataset, created_at, epochs, best_dev_accuracy, record)
     VALUES (?, ?, 'K', 'finished', 'g', 'numbers', '2026', 3, 0.5, ?)`,
  );
  insert.run(1, 'whole', '{"name":"K","last":{"$number":"NaN"}}');
  insert.run(2, 'damaged curve', '{}');
  insert.run(3, 'damaged row', '{');
  const pack = database.prepare('INSERT INTO curves (run, metric, data) VALUES (?, ?, ?)');
  // Its lowest dev loss is not where its accuracy is the highest, and of equals the first counts.
  pack.run(1, 'training.loss', curve(2, 1, NaN));
  pack.run(1, 'dev.loss', curve(2, 1, 1));
  pack.run(1, 'dev.accuracy', curve(0.25, 0.5, 0.75));
  pack.run(2, 'dev.accuracy', new Uint8Array([9]));
  // Continued: its points say more than its curve.
  const point = database.prepare('INSERT INTO points (run, metric, epoch, value) VALUES (?, ?, ?, ?)');
  point.run(1, 'dev.accuracy', 3, 0.7);
  point.run(1, 'dev.accuracy', 4, 0.9);
  point.run(1, 'dev.accuracy', 5, null);
  bestFiguresMigration.up(database);
  const rows = database.prepare('SELECT id, best_dev_accuracy AS accuracy, record FROM runs').all() as {
    id: string;
    accuracy: number | null;
    record: string;
  }[];
  expect(rows.map(({ id, accuracy }) => [id, accuracy])).toEqual([
    ['whole', 0.9],
    ['damaged curve', null],
    ['damaged row', 0.5],
  ]);
  expect(JSON.parse(rows[0]!.record)).toEqual({
    name: 'K',
    last: { $number: 'NaN' },
    bests: {
      trainingLoss: { epoch: 2, value: 1 },
      trainingAccuracy: null,
      devLoss: { epoch: 2, value: 1 },
      devAccuracy: { epoch: 4, value: 0.9 },
    },
  });
  expect(rows[2]!.record).toBe('{');
});
