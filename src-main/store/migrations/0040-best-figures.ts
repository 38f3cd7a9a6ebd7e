import { z } from 'zod';
import type { BestFigure } from '../../../src-preload/contract/run.ts';
import { betterFigure } from '../../../src-preload/contract/summary.ts';
import { fromJson, toJson } from '../json.ts';
import { type Curve, unpackCurve } from '../series.ts';
import type { Migration } from './migration.ts';

const FIGURES = [
  { name: 'trainingLoss', metric: 'training.loss', better: 'lower' },
  { name: 'trainingAccuracy', metric: 'training.accuracy', better: 'higher' },
  { name: 'devLoss', metric: 'dev.loss', better: 'lower' },
  { name: 'devAccuracy', metric: 'dev.accuracy', better: 'higher' },
] as const;

const Run = z.object({ number: z.int(), record: z.string() });
const Points = z.array(z.object({ epoch: z.int(), value: z.number().nullable() }));
const Stored = z.looseObject({});

/**
 * Rows know the best of each figure: what the curves of a run say, for runs that were there before their rows told it.
 * The column of the best dev accuracy, by which runs are sorted, held that of the epoch with the lowest dev loss.
 */
export const bestFiguresMigration: Migration = {
  version: 40,
  up(database) {
    const numbers = z.array(z.int()).parse(database.prepare('SELECT number FROM runs').pluck().all());
    const read = database.prepare('SELECT number, record FROM runs WHERE number = ?');
    const curve = database.prepare('SELECT data FROM curves WHERE run = ? AND metric = ?').pluck();
    // A run that is continued has points beside its curve, which hold where both have an epoch.
    const points = database.prepare(
      'SELECT epoch, value FROM points WHERE run = ? AND metric = ? ORDER BY epoch',
    );
    const write = database.prepare('UPDATE runs SET record = ?, best_dev_accuracy = ? WHERE number = ?');
    for (const number of numbers) {
      const { record } = Run.parse(read.get(number));
      const stored = storedIn(record);
      if (stored === undefined) continue;
      const bests = Object.fromEntries(
        FIGURES.map(({ name, metric, better }) => [
          name,
          bestOf(curve.get(number, metric), points.all(number, metric), better),
        ]),
      );
      write.run(toJson({ ...stored, bests }), bests['devAccuracy']?.value ?? null, number);
    }
  },
};

/** What a row says of a run; undefined where it is damaged, which is told when the run is read. */
function storedIn(record: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return Stored.parse(fromJson(record));
  } catch {
    return undefined;
  }
}

function bestOf(packed: unknown, points: readonly unknown[], better: 'higher' | 'lower'): BestFigure | null {
  const curve = curveIn(packed);
  const later = Points.parse(points);
  // Points are few, and mostly there are none: what they replace of the curve is passed over.
  const replaced = new Set(later.map(({ epoch }) => epoch));
  let best: BestFigure | null = null;
  curve?.epochs.forEach((epoch, index) => {
    if (!replaced.has(epoch)) best = betterFigure(best, epoch, curve.values[index], better);
  });
  for (const { epoch, value } of later) best = betterFigure(best, epoch, value ?? NaN, better);
  return best;
}

/** A damaged curve says nothing, and must not keep all others from being read. */
function curveIn(packed: unknown): Curve | undefined {
  try {
    return packed instanceof Uint8Array ? unpackCurve(packed) : undefined;
  } catch {
    return undefined;
  }
}
