import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { customAlphabet } from 'nanoid';
import { z } from 'zod';
import type {
  ExperimentFindings,
  ImageComparison,
  RunSetAnalysis,
} from '../../src-preload/contract/analysis.ts';
import { optionKeys, optionOf, type RunConfig } from '../../src-preload/contract/config.ts';
import type {
  DataFolders,
  DataIdentity,
  DataResult,
  Progress,
} from '../../src-preload/contract/data-process.ts';
import type { DatasetGlance, DatasetHealth, DatasetSummary } from '../../src-preload/contract/dataset.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { RunEvent } from '../../src-preload/contract/events.ts';
import type { ClassSamples, PreparationPreview, Thumbnail } from '../../src-preload/contract/pictures.ts';
import {
  type CellImages,
  type ExpectedCost,
  NO_BESTS,
  type Prediction,
  type RunPlan,
  type RunRecord,
  type Versions,
} from '../../src-preload/contract/run.ts';
import { imagesOfShare } from '../../src-preload/contract/learning-curve.ts';
import type { Metric, Series } from '../../src-preload/contract/series.ts';
import type { Snapshot } from '../../src-preload/contract/snapshot.ts';
import type { Finding } from '../../src-preload/contract/diagnosis.ts';
import type { FigureName } from '../../src-preload/contract/figure.ts';
import type { Rung } from '../../src-preload/contract/training-process.ts';
import { type DiagnosedRun, diagnose, hasEnded } from '../analysis/diagnosis.ts';
import { costEstimator } from '../analysis/expected-cost.ts';
import { experimentFindings } from '../analysis/experiment-findings.ts';
import { compareOnImages } from '../analysis/paired-comparison.ts';
import { fileIdentity } from '../store/file-identity.ts';
import { openCurveReader } from '../store/curve-reader.ts';
import { type HeldRun, type Organization, type RunFilter, openStore, WriteRefused } from '../store/store.ts';
import { analyseRunSet } from '../analysis/run-set.ts';
import { type Cell, cellImages } from './cell-images.ts';
import { createDataClient } from './data-client.ts';
import { freeCache } from './free-cache.ts';
import type { Home } from './home.ts';
import { createLive, type Watcher } from './live.ts';
import { type OtherRuns, followOtherRuns } from './other-runs.ts';
import { HEARTBEAT_MS, newOwner, ownerIsDead } from './ownership.ts';
import type { ProcessHost } from './process-host.ts';
import { createQueue, type QueueState, workThrough } from './queue.ts';
import { uniqueNames } from './run-names.ts';
import { type RunProcess, startRun } from './run-process.ts';
import { turn } from './slices.ts';
import { createTrainingClient } from './training-client.ts';

export type { ImageComparison } from '../../src-preload/contract/analysis.ts';
export type { Watcher } from './live.ts';
export type { QueueState } from './queue.ts';
export type { RunFilter, SortColumn } from '../store/store.ts';

/** Absolute paths of the built programs of processes and threads. */
export interface Entries {
  /** The process that prepares images. */
  readonly data: string;
  /** The process of each run. */
  readonly training: string;
  /** The thread of the store's log. */
  readonly logKeeper: string;
  /** The thread that reads curves. */
  readonly curveReader: string;
}

/** What a door gives to open a workbench. */
export interface OpenOptions {
  readonly home: Home;
  readonly host: ProcessHost;
  readonly entries: Entries;
  readonly appVersion: string;
  /**
   * Works through runs that wait for a process which has died, now and whenever it finds some: of a host that stays
   * open. Any other leaves them as they are.
   */
  readonly takesUpQueued?: boolean;
  /** Told of what broke where nobody waits for an answer; without it that ends the process. */
  readonly onFailure?: (error: unknown) => void;
}

type OnProgress = (progress: Progress) => void;

/** Something that is not the same in two runs of one configuration. */
export interface Difference {
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

/** The product without a door: everything that can be asked of a data folder. */
export interface Workbench {
  readonly home: Home;
  readonly appVersion: string;
  /** What its user has to know of the data folder, once; null where all is well. */
  takeNotice(): string | null;
  /** Writes rows for runs, queued in this order. Names given twice get `_0`, `_1` and so on. */
  launch(configs: readonly RunConfig[], tags?: readonly string[]): RunRecord[];
  /** Works through queued runs of this workbench; resolves with their rows, in that order, when all have ended. */
  work(ids: readonly string[], options?: { readonly jobs?: number }): Promise<RunRecord[]>;
  /** Adds queued runs of this workbench to its queue, which is worked through as long as the workbench is open. */
  enqueue(ids: readonly string[]): void;
  queue(): QueueState<string>;
  /** Changes what is given: how many runs at once, and whether any more begin. */
  changeQueue(changes: {
    readonly jobs?: number | undefined;
    readonly isPaused?: boolean | undefined;
  }): QueueState<string>;
  /** Lets a run that waits here begin before another one, or last of all. */
  moveInQueue(id: string, before: string | null): QueueState<string>;
  /**
   * Changes what people say of runs; what is not given stays.
   * @throws UserError for an id that is no run's.
   */
  organize(ids: readonly string[], wish: Organizing): RunRecord[];
  /** Puts runs that have ended into the trash. @throws UserError where one goes on. */
  trash(ids: readonly string[]): RunRecord[];
  restore(ids: readonly string[]): RunRecord[];
  /** Removes what is in the trash, with its files. @returns how many runs. */
  emptyTrash(): number;
  /** What was kept under a name; null where nothing was. */
  preference(key: string): unknown;
  setPreference(key: string, value: unknown): void;
  /**
   * Ends a run tidily at its next batch and keeps it as stopped; a queued one before it starts. A run of another
   * process is asked through its row.
   * @throws UserError for a run that has ended already.
   */
  stop(id: string): void;
  /** Ends every process of this workbench at once; its runs are kept as interrupted, up to their last epoch. */
  kill(): void;
  /**
   * Tells of the runs of this and of every other process on the data folder, merged, at most 20 times a second. What
   * was before stands in the store: who watches first, and then reads, misses nothing.
   * @returns what ends the watching.
   */
  watch(watcher: Watcher): () => void;
  /** Tells of the runs of this process, at once. @returns what ends the listening. */
  listen(listener: (event: RunEvent) => void): () => void;
  /** What runs would be, without training any. */
  plan(configs: readonly RunConfig[], onProgress?: OnProgress): Promise<RunPlan[]>;
  /** A queued run with the configuration of another one, on the backend that one ran on. */
  rerun(id: string): RunRecord;
  /**
   * A run that has ended, queued once more to go on from what was kept of it, on its own backend; one that waits for a
   * process which has died is taken up.
   * @param nbrEpochs epochs in all; as many as it was to have where nothing is said.
   * @throws UserError where it goes on already, or has nothing left to do.
   */
  continueRun(id: string, nbrEpochs?: number): RunRecord;
  /**
   * Queues every run once more that was interrupted, and takes those that wait for a process which has died.
   * @returns them, in the order in which they were launched.
   */
  takeUpAll(): RunRecord[];
  /** Runs that wait for a process which has died. */
  abandoned(): ReadonlySet<string>;
  /** Whether the final weights of two runs are the same bit for bit, and what else is not. */
  compareWeights(
    original: RunRecord,
    again: RunRecord,
  ): { readonly same: boolean; readonly differences: readonly Difference[] };
  runs(filter?: RunFilter): RunRecord[];
  /** By id, a unique beginning of one, a name (the latest of it), or `last`. @throws UserError */
  run(reference: string): RunRecord;
  /**
   * One series for each run and metric, run by run, with the epochs after a given one.
   * @throws UserError for an id that is no run's.
   */
  series(ids: readonly string[], metrics: readonly Metric[], after?: number): Promise<Series[]>;
  /** Metrics that a run has a point of. */
  metrics(id: string): Metric[];
  /** Of the epoch given, else of the last that has any. */
  snapshots(id: string, kind: Snapshot['kind'], epoch?: number): Snapshot[];
  /** Epochs that have a snapshot of a kind, ascending. */
  snapshotEpochs(id: string, kind: Snapshot['kind']): number[];
  predictions(id: string): Prediction[];
  /** The images behind a cell of a confusion matrix; null where the run keeps no predictions of epochs. */
  cellImages(id: string, cell: Cell): CellImages | null;
  /** What holds a run back, and what could be tried. */
  diagnosis(id: string): Promise<Finding[]>;
  /** The same of each experiment of several runs: what most of its repeats have. */
  experimentDiagnosis(ids: readonly string[]): Promise<ExperimentFindings[]>;
  /** What runs say as one set by a figure, held against the run that is named, else against the best. */
  analysis(
    ids: readonly string[],
    wish?: { readonly baseline?: string | undefined; readonly figure?: FigureName | undefined },
  ): RunSetAnalysis;
  /** Two runs on the dev images that both were asked about at their end. */
  compareOnImages(first: string, second: string): Promise<ImageComparison>;
  datasets(config: RunConfig): Promise<DatasetSummary[]>;
  /** Draws a built-in set that is not there yet. */
  showDataset(config: RunConfig, onProgress?: OnProgress, signal?: AbortSignal): Promise<DatasetSummary>;
  /** What a data set is now: its fingerprint, and what would decode its images. */
  datasetIdentity(config: RunConfig, onProgress?: OnProgress): Promise<DataIdentity>;
  checkDataset(config: RunConfig, onProgress?: OnProgress, signal?: AbortSignal): Promise<DatasetHealth>;
  /** What is wrong with a set as far as can be seen without decoding an image. */
  datasetGlance(config: RunConfig, signal?: AbortSignal): Promise<DatasetGlance>;
  createDataset(
    options: {
      readonly kind: 'numbers' | 'colors';
      readonly name: string;
      readonly seed: number;
      readonly perClass?: number;
    },
    onProgress?: OnProgress,
  ): Promise<DatasetSummary>;
  datasetSamples(config: RunConfig, perClass: number): Promise<ClassSamples[]>;
  thumbnails(config: RunConfig, paths: readonly string[]): Promise<Thumbnail[]>;
  preview(
    config: RunConfig,
    wish: { readonly path: string; readonly draw: number; readonly draws: number },
    signal?: AbortSignal,
  ): Promise<PreparationPreview>;
  /** Images of a run's data set, as it is now, as the run's network gets them before augmentation. */
  runImages(id: string, paths: readonly string[]): Promise<Thumbnail[]>;
  /** What each of several runs is going to cost, from the last that were measured; null where none was. */
  expectedCosts(configs: readonly RunConfig[], signal?: AbortSignal): Promise<(ExpectedCost | null)[]>;
  ladder(): Promise<{ readonly rungs: Rung[]; readonly tfjsVersion: string }>;
  /** Ends its processes and closes the store. */
  close(): Promise<void>;
}

/** What is to be said of runs. */
export interface Organizing {
  readonly name?: string | undefined;
  readonly note?: string | undefined;
  readonly starred?: boolean | undefined;
  readonly addTags?: readonly string[] | undefined;
  readonly removeTags?: readonly string[] | undefined;
}

/** Runs that a cost is expected from: the newest. */
const MEASURED_RUNS = 200;

/** Costs that are told without letting other work in between: some milliseconds. */
const ESTIMATES_AT_ONCE = 100;

/** What a set's list, its split and the shape of its images depend on. */
const DATA_OPTIONS = optionKeys.filter((key) => ['data', 'preparation'].includes(optionOf(key).group));

/** Milliseconds between two looks at what other processes have done, while somebody watches. */
const LOOK_MS = 250;

/** Looks after which runs of dead processes are looked for: it costs more than a look. */
const BURY_AFTER_LOOKS = 8;

/** The same, in signs of life. */
const BURY_AFTER_BEATS = 2;

/** What the number of runs at once is kept under, for the next host. */
const JOBS_PREFERENCE = 'queue.jobs';
const Jobs = z.int().min(1).max(16);

/** Ids are typed by people: short, and without letters and digits that look alike. */
const newId = customAlphabet('23456789abcdefghjkmnpqrstvwxyz', 8);

/** @throws UserError where the store cannot be opened. */
export function openWorkbench(options: OpenOptions): Workbench {
  const { home } = options;
  const store = openStore(home.database, {
    freeSpace: () => freeCache(home.cache),
    hasKeptRuns: () => readdirSync(home.runs).length > 0,
    logKeeper: options.entries.logKeeper,
  });
  const curves = openCurveReader(home.database, options.entries.curveReader, (run, metric, after) =>
    store.series(run, metric, after),
  );
  const file = fileIdentity(home.database);
  const owner = newOwner();
  const live = createLive();
  const data = createDataClient(options.host, options.entries.data);
  const running = new Map<string, RunProcess>();
  const folders: DataFolders = {
    datasets: home.datasets,
    cache: home.cache,
    cacheMaxBytes: home.cacheMaxBytes,
  };
  let killed = false;
  let isClosing = false;
  let heartbeat: NodeJS.Timeout | undefined;
  let beats = 0;
  const ours = new Set<string>();
  /** Those of ours that wait for their turn. */
  const unstarted = new Set<string>();
  /** What a disk has refused, to be tried again until it says that it is done. */
  const unwritten: (() => boolean)[] = [];
  /** Woken with every sign of life that could be written, and when everything is to end. */
  const awaitingBeat: (() => void)[] = [];
  let others: OtherRuns | undefined;
  let looking: NodeJS.Timeout | undefined;
  let watchers = 0;
  const queue = createQueue<string>(async (id) => {
    try {
      await workOne(id);
    } catch (error) {
      failed(error);
    }
  });

  buryTheDead();
  if (options.takesUpQueued === true) {
    const jobs = Jobs.safeParse(store.preference(JOBS_PREFERENCE));
    if (jobs.success) queue.setJobs(jobs.data);
    takeUpQueued();
    keepAlive();
  }

  /** Ends what ran in processes that are dead. What only waited there waits for whoever takes it up. */
  function buryTheDead(): void {
    const now = Date.now();
    for (const held of store.held()) {
      if (held.status !== 'running' || !ownerIsDead(held, owner, now) || !store.take(held, owner)) continue;
      const record = store.run(held.id);
      if (record === undefined) continue;
      endHere(
        record,
        'interrupted',
        'The process that ran it ended; everything up to its last epoch is kept.',
      );
    }
  }

  function queuedOfTheDead(): HeldRun[] {
    const now = Date.now();
    return store.held().filter((held) => held.status === 'queued' && ownerIsDead(held, owner, now));
  }

  function takeQueuedOfTheDead(): string[] {
    const taken = queuedOfTheDead()
      .filter((held) => store.take(held, owner))
      .map(({ id }) => id);
    for (const id of taken) holdQueued(id);
    return taken;
  }

  function takeUpQueued(): void {
    queue.add(takeQueuedOfTheDead());
  }

  function holdQueued(id: string): void {
    ours.add(id);
    unstarted.add(id);
    others?.forget(id);
    keepAlive();
  }

  /** A run that waited here is another's, or somebody has stopped it. */
  function letGoOf(id: string): void {
    if (!unstarted.delete(id)) return;
    ours.delete(id);
    queue.remove(id);
    const now = store.run(id);
    if (now !== undefined && now.status !== 'queued' && now.status !== 'running')
      live.tell({ kind: 'ended', run: now, mendable: false });
  }

  function endHere(record: RunRecord, status: 'stopped' | 'interrupted', reason: string): RunRecord {
    const ended: RunRecord = { ...record, status, reason, owner: null, endedAt: new Date().toISOString() };
    store.end(ended, owner, [], []);
    unstarted.delete(ended.id);
    queue.remove(ended.id);
    others?.forget(ended.id);
    live.tell({ kind: 'ended', run: ended, mendable: false });
    return ended;
  }

  function failed(error: unknown): void {
    if (options.onFailure !== undefined) {
      options.onFailure(error);
      return;
    }
    queueMicrotask(() => {
      throw error;
    });
  }

  function startLooking(): void {
    others = followOtherRuns(
      store,
      (id) => ours.has(id),
      (event) => {
        live.tell(event);
      },
    );
    let looks = 0;
    looking = setInterval(() => {
      try {
        if (++looks % BURY_AFTER_LOOKS === 0) seeToTheDead();
        others?.look();
      } catch (error) {
        failed(error);
      }
    }, LOOK_MS);
  }

  function seeToTheDead(): void {
    buryTheDead();
    if (options.takesUpQueued === true && !isEnding()) takeUpQueued();
  }

  function stopLooking(): void {
    clearInterval(looking);
    looking = undefined;
    others = undefined;
  }

  function changed(ids: readonly string[], changesOf: (record: RunRecord) => Organization): RunRecord[] {
    const before = ids.map(recordOf);
    store.organize(before.map((record) => ({ id: record.id, changes: changesOf(record) })));
    return toldChanged(before.map(({ id }) => id));
  }

  function toldChanged(ids: readonly string[]): RunRecord[] {
    return ids.map((id) => {
      const run = recordOf(id);
      live.tell({ kind: 'changed', run });
      return run;
    });
  }

  function rememberJobs(jobs: number): void {
    try {
      if (store.preference(JOBS_PREFERENCE) !== jobs) store.setPreference(JOBS_PREFERENCE, jobs);
    } catch (error) {
      // A full disk may forget how many, not hold up what is to run.
      if (!(error instanceof WriteRefused)) throw error;
    }
  }

  /** A run that waits has no process that would have to end it: nobody has to be asked, and one of two is faster. */
  function stopQueued(id: string): boolean {
    const held = store.held().find((one) => one.id === id && one.status === 'queued');
    if (held === undefined) return false;
    if (held.owner.token !== owner.token && !store.take(held, owner)) return false;
    endHere(recordOf(id), 'stopped', 'It was stopped before it started.');
    return true;
  }

  /** Whoever trains a run does not know what people say of it meanwhile. */
  function asItIs(event: RunEvent): RunEvent {
    if (event.kind !== 'started' && event.kind !== 'ended') return event;
    const now = store.run(event.run.id);
    if (now === undefined) return event;
    const { name, tags, note, starred, trashedAt } = now;
    return { ...event, run: { ...event.run, name, tags, note, starred, trashedAt } };
  }

  function keepAlive(): void {
    heartbeat ??= setInterval(() => {
      const now = fileIdentity(home.database);
      if (now !== file) {
        // What is written goes into a file that nobody will ever open again.
        const what =
          now === undefined
            ? `The data folder ${home.folder} was`
            : `The store ${home.database} was replaced or`;
        for (const run of running.values())
          run.kill(`${what} removed while it ran: nothing more could be kept.`);
        return;
      }
      try {
        const { held, stop } = store.heartbeat(owner, Date.now());
        for (const id of stop) running.get(id)?.stop();
        for (const [id, run] of running) if (!held.includes(id)) run.lose();
        const mine = new Set(held);
        for (const id of unstarted) if (!mine.has(id)) letGoOf(id);
        for (const run of running.values()) run.retry();
        writeUnwritten();
        for (const wake of awaitingBeat.splice(0)) wake();
        if (++beats % BURY_AFTER_BEATS === 0) seeToTheDead();
      } catch (error) {
        // A disk that refuses a sign of life may take the next.
        if (!(error instanceof UserError)) throw error;
      }
    }, HEARTBEAT_MS);
  }

  function writeUnwritten(): void {
    while (unwritten[0]?.() === true) unwritten.shift();
  }

  /** Claims a run as soon as the disk lets it be written. @returns false where it cannot be had any more. */
  async function claimed(id: string): Promise<boolean> {
    let hasTold = false;
    for (;;) {
      try {
        return store.claim(id, owner);
      } catch (error) {
        if (!(error instanceof WriteRefused)) throw error;
        if (!hasTold) {
          const message = `It cannot begin: ${error.message} It begins by itself once that can be written.`;
          live.tell({ kind: 'notice', run: id, message });
        }
        hasTold = true;
      }
      if (!isEnding()) await new Promise<void>((resolve) => awaitingBeat.push(resolve));
      if (isEnding()) return false;
    }
  }

  async function workOne(id: string): Promise<RunRecord> {
    const queued = recordOf(id);
    if (killed && queued.status === 'queued') {
      return endHere(queued, 'interrupted', 'Everything was ended before it started.');
    }
    if (!(await claimed(id))) {
      if (!isEnding()) letGoOf(id);
      return recordOf(id);
    }
    unstarted.delete(id);
    const started = startRun(queued, {
      store,
      owner,
      home,
      data,
      host: options.host,
      trainingEntry: options.entries.training,
      appVersion: options.appVersion,
      writeLater: (write) => {
        unwritten.push(write);
      },
      tell: (event) => {
        live.tell(asItIs(event));
      },
      onLost() {
        ours.delete(id);
        // Where it goes on elsewhere, whoever watches is told of that as of every other run.
        const now = store.run(id);
        if (now !== undefined && now.status !== 'running' && now.status !== 'queued')
          live.tell({ kind: 'changed', run: now });
      },
    });
    running.set(id, started);
    try {
      return await started.ended;
    } finally {
      running.delete(id);
    }
  }

  function isEnding(): boolean {
    return killed || isClosing;
  }

  function recordOf(id: string): RunRecord {
    return store.find(id);
  }

  async function diagnosisOf(run: RunRecord): Promise<Finding[]> {
    const [training, dev] = await curves.read([run.id], ['training.loss', 'dev.loss']);
    return diagnose({
      run,
      trainingLoss: [...(training?.values ?? [])],
      devLoss: [...(dev?.values ?? [])],
      confusion: confusionOf(run),
    });
  }

  /** Of the trained network, else of the last epoch that has any. */
  function confusionOf(run: RunRecord): DiagnosedRun['confusion'] {
    const { id } = run;
    const final = hasEnded(run) ? store.snapshots(id, 'final-confusion') : [];
    const matrices = (final.length > 0 ? final : store.snapshots(id, 'confusion')).flatMap((one) =>
      one.kind === 'confusion' || one.kind === 'final-confusion' ? [one] : [],
    );
    return {
      training: matrices.find(({ part }) => part === 'training'),
      dev: matrices.find(({ part }) => part === 'dev'),
    };
  }

  /** Configurations of a sweep often differ in nothing that a set is listed, split and prepared by: it is asked once. */
  async function datasetPlans(configs: readonly RunConfig[], onProgress: OnProgress | undefined) {
    const plans = new Map<string, DataResult<'plan'>>();
    const all = [];
    for (const config of configs) {
      const key = JSON.stringify(DATA_OPTIONS.map((option) => config[option]));
      const plan = plans.get(key) ?? (await data.call('plan', { config, folders }, { onProgress }));
      plans.set(key, plan);
      all.push(plan);
    }
    return all;
  }

  return {
    home,
    appVersion: options.appVersion,
    takeNotice: () => store.takeNotice(),
    launch(configs, tags = []) {
      const group = newId();
      const createdAt = new Date().toISOString();
      const names = uniqueNames(configs.map((config) => config.expId));
      const records = configs.map((config, index) =>
        newRecord(newId(), names[index] ?? config.expId, group, config, createdAt),
      );
      store.insert(records, owner, Date.now());
      for (const { id } of records) holdQueued(id);
      if (tags.length > 0) {
        store.organize(records.map(({ id }) => ({ id, changes: { tags: [...tags] } })));
      }
      const queued = tags.length === 0 ? records : records.map(({ id }) => recordOf(id));
      for (const run of queued) live.tell({ kind: 'queued', run });
      return queued;
    },
    async work(ids, { jobs = 1 } = {}) {
      return workThrough(ids, jobs, workOne);
    },
    enqueue(ids) {
      queue.add(ids);
    },
    queue: () => queue.state(),
    changeQueue({ jobs, isPaused }) {
      if (jobs !== undefined) {
        queue.setJobs(jobs);
        rememberJobs(jobs);
      }
      if (isPaused === true) queue.pause();
      if (isPaused === false) queue.resume();
      return queue.state();
    },
    moveInQueue(id, before) {
      queue.move(id, before);
      return queue.state();
    },
    organize: (ids, { name, note, starred, addTags = [], removeTags = [] }) =>
      changed(ids, ({ tags }) => ({
        name,
        note,
        starred,
        ...(addTags.length + removeTags.length === 0
          ? {}
          : { tags: [...new Set([...tags, ...addTags])].filter((tag) => !removeTags.includes(tag)) }),
      })),
    trash(ids) {
      const going = store.trash(
        ids.map((id) => recordOf(id).id),
        new Date().toISOString(),
      );
      if (going !== undefined) {
        throw new UserError(`${going.name} (${going.id}) has not ended yet; stop it first.`);
      }
      return toldChanged(ids);
    },
    restore: (ids) => changed(ids, () => ({ trashedAt: null })),
    emptyTrash() {
      const ids = store.remove(store.runs({ trashed: true }).map(({ id }) => id));
      for (const id of ids) {
        rmSync(join(home.runs, id), { recursive: true, force: true });
        live.tell({ kind: 'removed', run: id });
      }
      return ids.length;
    },
    preference: (key) => store.preference(key),
    setPreference(key, value) {
      store.setPreference(key, value);
    },
    stop(id) {
      const here = running.get(id);
      if (here !== undefined) {
        here.stop();
        return;
      }
      const record = recordOf(id);
      if (record.status !== 'queued' && record.status !== 'running') {
        throw new UserError(`Run ${record.id} has ended already (${record.status}).`);
      }
      if (!stopQueued(record.id)) store.requestStop(record.id);
    },
    kill() {
      killed = true;
      for (const run of running.values()) run.kill();
      for (const wake of awaitingBeat.splice(0)) wake();
      data.close();
    },
    watch(watcher) {
      if (watchers++ === 0) startLooking();
      const stopWatching = live.watch(watcher);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        stopWatching();
        if (--watchers === 0) stopLooking();
      };
    },
    listen: (listener) => live.listen(listener),
    async plan(configs, onProgress) {
      const plans = await datasetPlans(configs, onProgress);
      const training = createTrainingClient(options.host, options.entries.training);
      try {
        const names = uniqueNames(configs.map((config) => config.expId));
        return await Promise.all(
          configs.map(async (config, index): Promise<RunPlan> => {
            const plan = plans[index];
            if (plan === undefined) throw new Error('A configuration has no data plan.');
            const { summary, inputShape } = plan;
            const samples = { ...summary.parts, training: trainedImages(summary, config) };
            const network = await training.describe(config, inputShape, summary.classes.length);
            return {
              name: names[index] ?? config.expId,
              config,
              classes: summary.classes.map(({ name }) => name),
              inputShape,
              layers: network.layers,
              parameters: network.parameters,
              samples,
              paramsPerSample: network.parameters / (samples.training * config.nbrClones),
            };
          }),
        );
      } finally {
        training.close();
      }
    },
    rerun(id) {
      const original = store.find(id);
      const config =
        original.backend === null ? original.config : { ...original.config, backend: original.backend.name };
      const record = newRecord(newId(), original.name, newId(), config, new Date().toISOString());
      store.insert([record], owner, Date.now());
      holdQueued(record.id);
      live.tell({ kind: 'queued', run: record });
      return record;
    },
    continueRun(id, nbrEpochs) {
      const ended = store.find(id);
      const wanted = nbrEpochs ?? ended.config.nbrEpochs;
      const left = queuedOfTheDead().find((held) => held.id === ended.id);
      if (left !== undefined && nbrEpochs === undefined && store.take(left, owner)) {
        holdQueued(ended.id);
        return recordOf(ended.id);
      }
      if (ended.status === 'running' || ended.status === 'queued')
        throw new UserError(`${ended.name} (${ended.id}) has not ended yet.`);
      if (ended.trashedAt !== null) throw new UserError(`${ended.name} is in the trash; restore it first.`);
      // One that ended between its last epoch and its final evaluation still has that to do.
      const hasAll = ended.weightsSha256 === null ? wanted < ended.epochs : wanted <= ended.epochs;
      if (hasAll) {
        throw new UserError(
          `${ended.name} has all of its ${ended.epochs} epochs; say with --epochs how many it is to have in all.`,
        );
      }
      const config = {
        ...ended.config,
        nbrEpochs: wanted,
        ...(ended.backend === null ? {} : { backend: ended.backend.name }),
      };
      const record: RunRecord = { ...ended, config, status: 'queued', reason: null, endedAt: null };
      if (!store.reopen(record, owner, Date.now()))
        throw new UserError(`${ended.name} (${ended.id}) was taken up or put into the trash meanwhile.`);
      holdQueued(record.id);
      live.tell({ kind: 'queued', run: record });
      return record;
    },
    abandoned: () => new Set(queuedOfTheDead().map(({ id }) => id)),
    takeUpAll() {
      buryTheDead();
      const interrupted = store.runs({ status: ['interrupted'] }).flatMap(({ id }) => {
        try {
          return [this.continueRun(id)];
        } catch (error) {
          // Another process was faster, or nothing is left of it to be done.
          if (error instanceof UserError && !(error instanceof WriteRefused)) return [];
          throw error;
        }
      });
      return [...interrupted.reverse(), ...takeQueuedOfTheDead().map(recordOf)];
    },
    compareWeights(original, again) {
      return {
        same: original.weightsSha256 !== null && original.weightsSha256 === again.weightsSha256,
        differences: differencesOf(original, again),
      };
    },
    runs(filter) {
      buryTheDead();
      return store.runs(filter);
    },
    run(reference) {
      buryTheDead();
      return store.find(reference);
    },
    series: (ids, metrics, after) => curves.read(ids, metrics, after),
    metrics: (id) => store.metrics(id),
    snapshots: (id, kind, epoch) => store.snapshots(id, kind, epoch),
    snapshotEpochs: (id, kind) => store.snapshotEpochs(id, kind),
    predictions: (id) => store.predictions(id),
    cellImages: (id, cell) => cellImages(store, id, cell),
    diagnosis: async (id) => diagnosisOf(store.find(id)),
    async experimentDiagnosis(ids) {
      const runs = ids.map((id) => store.find(id));
      const found = new Map<string, Finding[]>();
      for (const run of runs) {
        if (run.last !== null) found.set(run.id, await diagnosisOf(run));
      }
      return experimentFindings(runs, ({ id }) => found.get(id) ?? []);
    },
    analysis: (ids, wish) =>
      analyseRunSet(
        ids.map((id) => store.find(id)),
        wish,
      ),
    async compareOnImages(first, second) {
      const one = store.predictions(first);
      await turn();
      const other = store.predictions(second);
      await turn();
      return compareOnImages(one, other);
    },
    datasets: (config) => data.call('list', { config, folders }),
    async showDataset(config, onProgress, signal) {
      return (await data.call('plan', { config, folders }, { onProgress, signal })).summary;
    },
    datasetIdentity: (config, onProgress) => data.call('identity', { config, folders }, { onProgress }),
    checkDataset: (config, onProgress, signal) =>
      data.call('check', { config, folders }, { onProgress, signal }),
    datasetGlance: (config, signal) => data.call('glance', { config, folders }, { signal }),
    datasetSamples: (config, perClass) => data.call('samples', { config, folders, perClass }),
    thumbnails: (config, paths) => data.call('thumbnails', { config, folders, paths: [...paths] }),
    preview: (config, wish, signal) => data.call('preview', { config, folders, ...wish }, { signal }),
    runImages: (id, paths) =>
      data.call('preparedPictures', { config: store.find(id).config, folders, paths: [...paths] }),
    async expectedCosts(configs, signal) {
      const plans = await this.plan(configs);
      const estimate = costEstimator(store.runs({ status: ['finished', 'stopped'], limit: MEASURED_RUNS }));
      const costs: (ExpectedCost | null)[] = [];
      for (const [index, { config, parameters, samples, inputShape }] of plans.entries()) {
        if (index % ESTIMATES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
        signal?.throwIfAborted();
        const [height, width, channels] = inputShape;
        costs.push(
          estimate({
            parameters,
            images: samples.training * config.nbrClones,
            inputs: height * width * channels,
            maxMinibatchSize: config.maxMinibatchSize,
            epochs: config.nbrEpochs,
            backend: config.backend,
          }),
        );
      }
      return costs;
    },
    createDataset: (wanted, onProgress) => data.call('create', { ...wanted, folders }, { onProgress }),
    async ladder() {
      const training = createTrainingClient(options.host, options.entries.training);
      try {
        return await training.ladder();
      } finally {
        training.close();
      }
    },
    async close() {
      queue.close();
      stopLooking();
      isClosing = true;
      for (const run of running.values()) run.close();
      for (const wake of awaitingBeat.splice(0)) wake();
      await Promise.allSettled([...running.values()].map((run) => run.ended));
      clearInterval(heartbeat);
      data.close();
      try {
        writeUnwritten();
        for (const held of store.held()) {
          const record =
            held.owner.token === owner.token && held.status === 'queued' ? store.run(held.id) : undefined;
          if (record !== undefined) endHere(record, 'stopped', 'Its workbench was closed before it started.');
        }
      } catch (error) {
        // Whoever opens the data folder next finds what a disk did not take as runs of a process that is dead.
        if (!(error instanceof UserError)) throw error;
      } finally {
        await curves.close();
        store.close();
      }
    },
  };
}

/** Images that a configuration trains on, of each class the share that it uses. */
function trainedImages({ classes }: DatasetSummary, { trainingShare }: RunConfig): number {
  return classes.reduce((sum, { parts }) => sum + imagesOfShare(parts.training, trainingShare), 0);
}

function newRecord(id: string, name: string, group: string, config: RunConfig, createdAt: string): RunRecord {
  return {
    id,
    name,
    status: 'queued',
    group,
    config,
    backend: null,
    classes: [],
    inputShape: null,
    layers: [],
    parameters: null,
    samples: null,
    paramsPerSample: null,
    epochs: 0,
    last: null,
    best: null,
    bests: NO_BESTS,
    final: null,
    test: null,
    earlyStopEpoch: null,
    avoidableBias: null,
    variance: null,
    timings: null,
    peakMemoryBytes: null,
    unreadable: [],
    evidence: null,
    weightsSha256: null,
    versions: null,
    preparation: null,
    datasetFolder: null,
    notices: [],
    reason: null,
    tags: [],
    note: '',
    starred: false,
    trashedAt: null,
    owner: null,
    createdAt,
    startedAt: null,
    endedAt: null,
  };
}

function differencesOf(original: RunRecord, again: RunRecord): Difference[] {
  const pairs: [string, string | undefined, string | undefined][] = [
    ...(['app', 'node', 'tfjs', 'library', 'sharp', 'platform'] satisfies (keyof Versions)[]).map(
      (key): [string, string | undefined, string | undefined] => [
        `${key} version`,
        original.versions?.[key],
        again.versions?.[key],
      ],
    ),
    ['backend', original.backend?.name, again.backend?.name],
    ['data set', original.preparation?.datasetFingerprint, again.preparation?.datasetFingerprint],
    ['epochs', String(original.epochs), String(again.epochs)],
  ];
  return pairs.flatMap(([what, before = 'unknown', now = 'unknown']) =>
    before === now ? [] : [{ what, before, now }],
  );
}
