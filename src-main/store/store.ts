import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Database, SqliteError } from 'better-sqlite3';
import { fileIdentity } from './file-identity.ts';
import { keepLog, type LogKeeper } from './log-keeper.ts';
import { diskFault } from '../../src-preload/contract/disk-fault.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { SeenDataset } from '../../src-preload/contract/dataset.ts';
import type { Prediction, RunRecord } from '../../src-preload/contract/run.ts';
import type { EpochFigures, Metric, Series } from '../../src-preload/contract/series.ts';
import type { Snapshot } from '../../src-preload/contract/snapshot.ts';
import {
  damagedSentence,
  type DatabaseOptions,
  dataVersionOf,
  isCorrupt,
  markDamaged,
  openDatabase,
  takeSalvageNotice,
} from './database.ts';
import { type DatasetTable, openDatasetTable } from './datasets.ts';
import {
  type Change,
  type Organization,
  type OrganizationTable,
  openOrganizationTable,
} from './organization.ts';
import { type PredictionTable, openPredictionTable } from './predictions.ts';
import { enterStore } from './presence.ts';
import { type HeldRun, type Owner, type RunFilter, type RunTable, openRunTable } from './runs.ts';
import { type SeriesTable, openSeriesTable } from './series.ts';
import { type SnapshotTable, openSnapshotTable } from './snapshots.ts';
import { WriteRefused } from './write-refused.ts';

export type { Change, Organization } from './organization.ts';
export type { HeldRun, Owner, RunFilter, SortColumn } from './runs.ts';
export { WriteRefused } from './write-refused.ts';

/** What can be read of the store. Each call sees one moment of it, whatever is written meanwhile. */
export interface ReadStore {
  run(id: string): RunRecord | undefined;
  /**
   * The run that a text means: `last` (the newest), its id, its name (the newest of that name), or a beginning of
   * its id that no other has.
   * @throws UserError with what is near it where it means no run, or more than one.
   */
  find(reference: string): RunRecord;
  /** Newest first where the filter says nothing else. */
  runs(filter?: RunFilter): RunRecord[];
  /**
   * A curve with every epoch there is, or with those after a given one, whether the run is live or has ended; empty
   * where it has no such metric.
   * @throws UserError for an id that is no run's.
   */
  series(id: string, metric: Metric, after?: number): Series;
  /** Metrics that a run has a point of. @throws UserError for an id that is no run's. */
  metrics(id: string): Metric[];
  /** What every epoch of a run after a given one gave, ascending. @throws UserError for an id that is no run's. */
  figures(id: string, after: number): EpochFigures[];
  /** Of the epoch given, else of the last that has any; ordered by name (part or parameter). */
  snapshots(id: string, kind: Snapshot['kind'], epoch?: number): Snapshot[];
  /** Epochs that have a snapshot of a kind, ascending. */
  snapshotEpochs(id: string, kind: Snapshot['kind']): number[];
  /** Of every dev image, as the run ended; empty before that. */
  predictions(id: string): Prediction[];
  /** Queued and running runs that somebody holds, and who. */
  held(): HeldRun[];
  /** Ids of runs queued after the one of a number, in that order; and the number of the last of all. */
  runsAfter(number: number): { readonly ids: string[]; readonly newest: number };
  /** Runs that people have changed or removed after a change of a number, in order. */
  changesAfter(number: number): Change[];
  newestChange(): number;
  /** What was kept under a name; null where nothing was. */
  preference(key: string): unknown;
  /** Data sets that runs were trained on, the one used last first. */
  datasets(): SeenDataset[];
  /** A number that changes when another connection, of this process or another, has written. */
  dataVersion(): number;
  /** What is to be told of a store that was damaged when it was opened, once; null where it was whole. */
  takeNotice(): string | null;
}

/** What an epoch gave. */
export interface RecordedEpoch {
  readonly figures: EpochFigures;
  readonly snapshots: readonly Snapshot[];
}

/**
 * What an owner of runs may write. Each call is one short transaction.
 * All throw WriteRefused where the disk does not take it.
 */
export interface WriteStore {
  /** Adds queued runs, held by an owner; with `null` whoever claims one first gets it. */
  insert(records: readonly RunRecord[], owner: Owner | null, nowMs: number): void;
  /**
   * Makes a queued run, held by this owner or by nobody, a running one of this owner.
   * @returns false where it cannot be had any more: of two that claim it one gets it.
   */
  claim(id: string, owner: Owner, nowMs?: number): boolean;
  /** Makes a run that has ended a queued one of this owner, with this record; false where it is not there to be had. */
  reopen(record: RunRecord, owner: Owner, nowMs: number): boolean;
  /** Writes a run's row; false where another has taken the run. A run that has ended loses its owner. */
  update(record: RunRecord, owner: Owner): boolean;
  /** Adds what epochs gave and writes the row that sums them up; false where another has the run. */
  recordEpochs(record: RunRecord, owner: Owner, epochs: readonly RecordedEpoch[]): boolean;
  /**
   * Writes the row of a run that has ended, what it kept at the end, and packs its curves, all or nothing.
   * @returns false where another has taken the run.
   */
  end(
    record: RunRecord,
    owner: Owner,
    snapshots: readonly Snapshot[],
    predictions: readonly Prediction[],
  ): boolean;
  /** Says that the owner lives, and gives the ids of the runs that it holds, and of those that somebody asks to stop. */
  heartbeat(owner: Owner, nowMs: number): { readonly held: string[]; readonly stop: string[] };
  /** Asks whoever holds a run to stop it; false where nobody does. */
  requestStop(id: string): boolean;
  /** Takes a run from an owner (one that is dead); false where it is no longer as it was seen. */
  take(seen: HeldRun, owner: Owner): boolean;
  /** Writes what people say of runs; all or nothing. @throws UserError for an id that is no run's. */
  organize(changes: readonly { readonly id: string; readonly changes: Organization }[]): void;
  /**
   * Puts runs into the trash, all or none.
   * @returns the first of them that has not ended, where one has not: then none was put there.
   */
  trash(ids: readonly string[], trashedAt: string): RunRecord | undefined;
  /**
   * Removes runs with all that the database has of them.
   * @returns those that were removed: what was taken out of the trash meanwhile stays.
   */
  remove(ids: readonly string[]): string[];
  setPreference(key: string, value: unknown): void;
  /** Remembers a data set as it was when it was used; the same folder with the same images is one. */
  recordDataset(seen: SeenDataset): void;
}

/** An open store, with all rights. */
export interface Store extends ReadStore, WriteStore {
  close(): void;
}

/** A store opened to be read; files and rows stay as they are. */
export interface OpenReadStore extends ReadStore {
  close(): void;
}

export interface StoreOptions {
  /** Frees space on the disk of the store, where it is full. @returns bytes freed. */
  readonly freeSpace?: () => number;
  /** Whether runs were ever kept beside it: then a file without any length is a damaged one. */
  readonly hasKeptRuns?: () => boolean;
  /** The program of the thread that carries the write-ahead log over; without it SQLite does so as it writes. */
  readonly logKeeper?: string;
}

/**
 * Opens the store at a file, made or brought to the newest form where needed; read-only, it has to be there.
 * @throws UserError for a file that is no store, cannot be opened, or is of a newer version.
 */
export function openStore(file: string, options?: StoreOptions): Store;
export function openStore(file: string, options: { readonly readonly: true }): OpenReadStore;
export function openStore(
  file: string,
  options: StoreOptions & { readonly readonly?: boolean } = {},
): Store | OpenReadStore {
  const { readonly = false, logKeeper } = options;
  const presence = readonly ? undefined : enterStore(file);
  let opened: { readonly database: Database; readonly tables: Tables };
  try {
    opened = openTables(file, {
      readonly,
      isLogKept: logKeeper !== undefined,
      ...(presence === undefined ? {} : { presence }),
      ...(options.freeSpace === undefined ? {} : { freeSpace: options.freeSpace }),
      ...(options.hasKeptRuns === undefined ? {} : { hasKeptRuns: options.hasKeptRuns }),
    });
  } catch (error) {
    presence?.close();
    throw error;
  }
  const { database, tables } = opened;
  const identity = fileIdentity(file);
  const log = logKeeper === undefined ? NO_KEEPER : keepLog(file, logKeeper);
  const reading = {
    ...readView(database, tables, identity),
    close() {
      log.close();
      database.close();
      presence?.close();
    },
  };
  return readonly
    ? reading
    : { ...reading, ...writeView(database, tables, identity, options.freeSpace ?? (() => 0), log) };
}

/** Opens the tables. A damage that shows as soon as they are looked at is mended at once. */
function openTables(
  file: string,
  options: DatabaseOptions,
): { readonly database: Database; readonly tables: Tables } {
  for (let isAgain = false; ; isAgain = true) {
    const database = openDatabase(file, options);
    try {
      const tables: Tables = {
        runs: openRunTable(database),
        series: openSeriesTable(database),
        snapshots: openSnapshotTable(database),
        predictions: openPredictionTable(database),
        datasets: openDatasetTable(database),
        organization: openOrganizationTable(database),
      };
      tables.runs.held();
      tables.runs.list({ status: ['running', 'queued'] });
      tables.runs.list({ limit: 1 });
      tables.organization.newestChange();
      return { database, tables };
    } catch (error) {
      database.close();
      if (isAgain || options.readonly === true || !isCorrupt(error))
        throw told(file, error, fileIdentity(file));
      markDamaged(file);
    }
  }
}

function hasEnded(status: RunRecord['status']): boolean {
  return status !== 'queued' && status !== 'running';
}

const NO_KEEPER: LogKeeper = { written: () => undefined, close: () => undefined };

/**
 * What is found damaged is put aside by whoever opens it next. But where another file stands in its place, nothing is
 * known of that one: what was read was of both.
 * @param opened identity of the file as it was when it was opened.
 */
function told(file: string, error: unknown, opened: string | undefined): unknown {
  if (error instanceof SqliteError && fileIdentity(file) !== opened)
    return new UserError(
      `The store ${file} was replaced or removed while it was open: nothing more can be kept. Open Layerbench again.`,
    );
  if (!isCorrupt(error)) return error;
  markDamaged(file);
  return new UserError(damagedSentence(file));
}

/**
 * Carries the write-ahead log over and cuts it off: on a full disk its file may be what there is to be had.
 * @returns its bytes that were freed.
 */
function shortenLog(database: Database): number {
  const before = logBytes(database);
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // What is carried over needs room too, where the file has to grow.
  }
  return Math.max(0, before - logBytes(database));
}

function logBytes(database: Database): number {
  return statSync(`${database.name}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** A log of fewer bytes is not looked after. */
const SHORT_LOG_BYTES = 2 ** 18;

/**
 * Whether the disk may soon have no room to carry the log over: then the log itself would keep it full, whatever else
 * were freed.
 */
function threatensDisk(database: Database): boolean {
  const bytes = logBytes(database);
  if (bytes < SHORT_LOG_BYTES) return false;
  try {
    const { bavail, bsize } = statfsSync(dirname(database.name));
    return bavail * bsize < bytes;
  } catch {
    // A disk that does not say is no reason to call a write refused that it has taken.
    return false;
  }
}

interface Tables {
  readonly runs: RunTable;
  readonly series: SeriesTable;
  readonly snapshots: SnapshotTable;
  readonly predictions: PredictionTable;
  readonly datasets: DatasetTable;
  readonly organization: OrganizationTable;
}

function readView(
  database: Database,
  { runs, series, snapshots, predictions, datasets, organization }: Tables,
  opened: string | undefined,
): ReadStore {
  /** A run may end, and its curves be packed, between two statements: those of one call see one moment. */
  function read<Result>(action: () => Result): Result {
    try {
      return database.transaction(action).deferred();
    } catch (error) {
      throw told(database.name, error, opened);
    }
  }
  return {
    run: (id) => read(() => runs.get(id)),
    find: (reference) => read(() => runs.find(reference)),
    runs: (filter) => read(() => runs.list(filter)),
    series: (id, metric, after) =>
      read(() => ({ run: id, metric, ...series.read(runs.numberOf(id), metric, after) })),
    metrics: (id) => read(() => series.metrics(runs.numberOf(id))),
    figures: (id, after) => read(() => series.figures(runs.numberOf(id), after)),
    snapshots: (id, kind, epoch) => read(() => snapshots.read(runs.numberOf(id), kind, epoch)),
    snapshotEpochs: (id, kind) => read(() => snapshots.epochs(runs.numberOf(id), kind)),
    predictions: (id) => read(() => predictions.read(runs.numberOf(id))),
    held: () => read(() => runs.held()),
    runsAfter: (number) => read(() => runs.after(number)),
    changesAfter: (number) => read(() => organization.changesAfter(number)),
    newestChange: () => read(() => organization.newestChange()),
    preference: (key) => read(() => organization.preference(key)),
    datasets: () => read(() => datasets.list()),
    dataVersion: () => dataVersionOf(database),
    takeNotice: () => takeSalvageNotice(database.name),
  };
}

function writeView(
  database: Database,
  { runs, series, snapshots, predictions, datasets, organization }: Tables,
  opened: string | undefined,
  freeSpace: () => number,
  log: LogKeeper,
): WriteStore {
  /** Takes the lock at once: a transaction that reads before it writes may else fail as busy, waiting or not. */
  function write<Result>(action: () => Result): Result {
    function transact(): Result {
      return database.transaction(action).immediate();
    }
    try {
      const result = transact();
      if (threatensDisk(database)) shortenLog(database);
      else log.written();
      return result;
    } catch (error) {
      const fault = diskFault(error);
      if (fault === undefined || isCorrupt(error)) throw told(database.name, error, opened);
      if (fault === 'full' && freeSpace() + shortenLog(database) > 0) {
        try {
          return transact();
        } catch (again) {
          throw new WriteRefused(database.name, diskFault(again) ?? fault);
        }
      }
      throw new WriteRefused(database.name, fault);
    }
  }
  return {
    insert(records, owner, nowMs) {
      write(() => {
        runs.insert(records, owner, nowMs);
      });
    },
    claim: (id, owner, nowMs = Date.now()) => write(() => runs.claim(id, owner, nowMs)),
    reopen: (record, owner, nowMs) => write(() => runs.reopen(record, owner, nowMs)),
    update: (record, owner) => write(() => runs.update(record, owner)),
    recordEpochs: (record, owner, epochs) =>
      write(() => {
        if (!runs.update(record, owner)) return false;
        const run = runs.numberOf(record.id);
        for (const { figures, snapshots: kept } of epochs) {
          series.append(run, figures);
          for (const snapshot of kept) snapshots.append(run, snapshot);
        }
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
    take: (seen, owner) => write(() => runs.take(seen, owner)),
    organize(changes) {
      write(() => {
        for (const { id, changes: own } of changes) {
          runs.numberOf(id);
          organization.organize(id, own);
        }
      });
    },
    trash: (ids, trashedAt) =>
      write(() => {
        const going = ids.map((id) => runs.find(id)).find(({ status }) => !hasEnded(status));
        if (going === undefined) for (const id of ids) organization.organize(id, { trashedAt });
        return going;
      }),
    remove: (ids) =>
      write(() => {
        const removed = ids.filter((id) => {
          const run = runs.get(id);
          return run !== undefined && run.trashedAt !== null && hasEnded(run.status);
        });
        for (const id of removed) organization.remove(id);
        return removed;
      }),
    setPreference(key, value) {
      write(() => {
        organization.setPreference(key, value);
      });
    },
    recordDataset(seen) {
      write(() => {
        datasets.write(seen);
      });
    },
  };
}
