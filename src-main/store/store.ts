import type { Prediction, RunRecord } from '../../src-preload/contract/run.ts';
import type { EpochFigures, Metric, Series } from '../../src-preload/contract/series.ts';
import type { Snapshot } from '../../src-preload/contract/snapshot.ts';
import { openDatabase } from './database.ts';
import { openPredictionTable } from './predictions.ts';
import { type HeldRun, type Owner, type RunFilter, openRunTable } from './runs.ts';
import { openSeriesTable } from './series.ts';
import { openSnapshotTable } from './snapshots.ts';

export type { HeldRun, Owner, RunFilter, SortColumn } from './runs.ts';

/** What can be read of the store. */
export interface ReadStore {
  run(id: string): RunRecord | undefined;
  /** @throws UserError where the reference means no run, or more than one. */
  find(reference: string): RunRecord;
  runs(filter?: RunFilter): RunRecord[];
  series(id: string, metric: Metric): Series;
  /** Of the epoch given, else of the last that has any. */
  snapshots(id: string, kind: Snapshot['kind'], epoch?: number): Snapshot[];
  predictions(id: string): Prediction[];
  held(): HeldRun[];
}

/** What an owner of runs may write. Each call is one short transaction. */
export interface WriteStore {
  insert(records: readonly RunRecord[], owner: Owner, nowMs: number): void;
  /** Makes a queued run a running one; false where it cannot be had any more. */
  claim(id: string, owner: Owner): boolean;
  /** Writes a run's row; false where another has taken the run. A run that has ended loses its owner. */
  update(record: RunRecord, owner: Owner): boolean;
  /** Adds an epoch and writes the row that sums it up. */
  recordEpoch(
    record: RunRecord,
    owner: Owner,
    figures: EpochFigures,
    snapshots: readonly Snapshot[],
  ): boolean;
  /** Writes the row of a run that has ended, what it kept at the end, and packs its curves. */
  end(
    record: RunRecord,
    owner: Owner,
    snapshots: readonly Snapshot[],
    predictions: readonly Prediction[],
  ): boolean;
  /** Says that the owner lives, and gives the runs it is asked to stop. */
  heartbeat(owner: Owner, nowMs: number): string[];
  requestStop(id: string): boolean;
  take(id: string, before: Owner, owner: Owner): boolean;
}

export interface Store extends ReadStore, WriteStore {
  close(): void;
}

/** Opens the store at a file, made where it is missing. @throws UserError for one of a newer version. */
export function openStore(file: string): Store {
  const database = openDatabase(file);
  const runs = openRunTable(database);
  const series = openSeriesTable(database);
  const snapshots = openSnapshotTable(database);
  const predictions = openPredictionTable(database);

  function write<Result>(action: () => Result): Result {
    // A transaction that reads before it writes must take the lock first, or it may fail at once as busy.
    return database.transaction(action).immediate();
  }

  return {
    run: (id) => runs.get(id),
    find: (reference) => runs.find(reference),
    runs: (filter) => runs.list(filter),
    series: (id, metric) => series.read(runs.numberOf(id), id, metric),
    snapshots: (id, kind, epoch) => snapshots.read(runs.numberOf(id), kind, epoch),
    predictions: (id) => predictions.read(runs.numberOf(id)),
    held: () => runs.held(),
    insert(records, owner, nowMs) {
      write(() => {
        for (const record of records) runs.insert(record, owner, nowMs);
      });
    },
    claim: (id, owner) => write(() => runs.claim(id, owner)),
    update: (record, owner) => write(() => runs.update(record, owner)),
    recordEpoch: (record, owner, figures, kept) =>
      write(() => {
        if (!runs.update(record, owner)) return false;
        const run = runs.numberOf(record.id);
        series.append(run, figures);
        for (const snapshot of kept) snapshots.append(run, snapshot);
        return true;
      }),
    end: (record, owner, kept, said) =>
      write(() => {
        if (!runs.update(record, owner)) return false;
        const run = runs.numberOf(record.id);
        for (const snapshot of kept) snapshots.append(run, snapshot);
        if (said.length > 0) predictions.write(run, said);
        series.packRun(run);
        return true;
      }),
    heartbeat: (owner, nowMs) => write(() => runs.heartbeat(owner, nowMs)),
    requestStop: (id) => write(() => runs.requestStop(id)),
    take: (id, before, owner) => write(() => runs.take(id, before, owner)),
    close() {
      database.close();
    },
  };
}
