import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../../src-main/store/store.ts';
import { defaultConfig, type RunConfig } from '../../../src-preload/contract/config.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import type { EpochFigures } from '../../../src-preload/contract/series.ts';
import type { Snapshot } from '../../../src-preload/contract/snapshot.ts';
import { withEpoch } from '../../../src-preload/contract/summary.ts';
import { epochFigures, ownerNamed, queuedRun } from './run-records.ts';

/** A run that has finished, as a test wants it. */
export interface StoredRun {
  readonly id: string;
  readonly name: string;
  readonly config?: Partial<RunConfig>;
  /** What its epochs gave, from the first on; figures that are not said are those of `epochFigures`. */
  readonly epochs: readonly Partial<EpochFigures>[];
  readonly snapshots?: (epoch: number) => readonly Snapshot[];
  readonly changes?: Partial<RunRecord>;
}

/** Writes runs that have finished into the store of a data folder, the first the oldest. */
export function storeRuns(home: string, runs: readonly StoredRun[]): void {
  mkdirSync(home, { recursive: true });
  const store = openStore(join(home, 'layerbench.sqlite'));
  const owner = ownerNamed('test');
  for (const [index, { id, name, config, epochs, snapshots, changes }] of runs.entries()) {
    const startedAt = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
    const queued = queuedRun({
      id,
      name,
      group: name,
      // The name of a repeat is that of its experiment and a number.
      config: {
        ...defaultConfig(),
        expId: name.replace(/_\d+$/, ''),
        nbrEpochs: epochs.length,
        ...config,
      },
      createdAt: startedAt,
      ...changes,
    });
    store.insert([queued], owner, Date.now());
    store.claim(id, owner);
    let record: RunRecord = { ...queued, status: 'running', startedAt };
    const recorded = epochs.map((figures, at) => {
      const whole = epochFigures(at + 1, figures);
      record = withEpoch(record, whole);
      return { figures: whole, snapshots: snapshots?.(at + 1) ?? [] };
    });
    store.recordEpochs(record, owner, recorded);
    store.end({ ...record, status: 'finished', endedAt: startedAt }, owner, [], []);
  }
  store.close();
}
