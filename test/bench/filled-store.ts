import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { defaultConfig } from '../../src-preload/contract/config.ts';
import { METRICS } from '../../src-preload/contract/series.ts';
import { packCurve } from '../../src-main/store/series.ts';
import { openStore } from '../../src-main/store/store.ts';
import { queuedRun } from '../support/store/run-records.ts';

/** Fills a data folder with finished runs, each with so many epochs of every metric: a million points a thousand runs. */
export function fillStore(home: string, runs: number, epochs: number): string[] {
  mkdirSync(home, { recursive: true });
  const file = join(home, 'layerbench.sqlite');
  const store = openStore(file);
  const layers = [[16], [100], [400, 200, 100], [10, 10]];
  const records = Array.from({ length: runs }, (_, index) => {
    const accuracy = 0.3 + 0.6 * ((index * 7919) % 1000) * 0.001;
    const summary = {
      epoch: epochs,
      training: { loss: 1 - accuracy, accuracy: Math.min(1, accuracy + 0.1) },
      dev: { loss: 2 - 2 * accuracy, accuracy },
    };
    return queuedRun({
      id: `r${String(index).padStart(7, '0')}`,
      name: `run ${index}`,
      status: 'finished',
      config: {
        ...defaultConfig(),
        layers: layers[index % layers.length] ?? [],
        modelSeed: index,
        nbrEpochs: epochs,
      },
      parameters: 4000 + (index % 50) * 1000,
      samples: { training: 593, dev: 132, test: 122 },
      paramsPerSample: 7 + (index % 50),
      inputShape: [16, 16, 1],
      epochs,
      last: summary,
      best: summary,
      avoidableBias: 1 - summary.training.accuracy,
      variance: 0.1,
      createdAt: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
      endedAt: new Date(Date.UTC(2026, 0, 1) + index * 60_000 + 1000).toISOString(),
    });
  });
  store.insert(records, null, Date.now());
  store.close();
  const database = new Database(file);
  const write = database.prepare(
    'INSERT INTO curves (run, metric, data) SELECT number, ?, ? FROM runs WHERE id = ?',
  );
  const at = Uint32Array.from({ length: epochs }, (_, index) => index + 1);
  database.transaction(() => {
    for (const [index, { id }] of records.entries()) {
      for (const metric of METRICS) {
        const rises = metric.endsWith('accuracy') || metric === 'elapsed';
        const values = Float64Array.from(at, (epoch) => {
          const share = 1 - Math.exp((-3 * epoch) / epochs) + 0.02 * Math.sin(epoch + index);
          return rises ? share : 2.5 - 2 * share;
        });
        write.run(metric, packCurve({ epochs: at, values }), id);
      }
    }
  })();
  database.close();
  return records.map(({ id }) => id);
}
