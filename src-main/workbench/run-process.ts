import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { basename, join } from 'node:path';
import type { PreparedSet } from '../../src-preload/contract/data-process.ts';
import { type ErrorRecord, NeedsRoom, toErrorRecord, UserError } from '../../src-preload/contract/errors.ts';
import { bytesText } from '../../src-preload/contract/figure-text.ts';
import type { RunEvent } from '../../src-preload/contract/events.ts';
import type { SeenDataset } from '../../src-preload/contract/dataset.ts';
import type { RunRecord, RunTimings } from '../../src-preload/contract/run.ts';
import { withEpoch } from '../../src-preload/contract/summary.ts';
import { TrainingMessage, type TrainingRequest } from '../../src-preload/contract/training-process.ts';
import { type Owner, type RecordedEpoch, type Store, WriteRefused } from '../store/store.ts';
import { type DataClient, DataProcessEnded } from './data-client.ts';
import { untilRoom } from './disk-room.ts';
import { memoryKills, whyEnded } from './ended-process.ts';
import { freeCache } from './free-cache.ts';
import type { Home } from './home.ts';
import type { HostedProcess, ProcessHost } from './process-host.ts';
import { createRunWriter } from './run-writer.ts';
import { slicedWork } from './slices.ts';

/** What running a run needs of the workbench. */
export interface RunContext {
  readonly store: Store;
  readonly owner: Owner;
  readonly home: Home;
  readonly host: ProcessHost;
  readonly data: DataClient;
  readonly trainingEntry: string;
  readonly appVersion: string;
  readonly tell: (event: RunEvent) => void;
  /** Tries again what a disk has refused, until that says that it is done. */
  readonly writeLater: (write: () => boolean) => void;
  /** Told that another process has the run. */
  readonly onLost: () => void;
}

/** A run that this process works on. */
export interface RunProcess {
  /** The row as it stays, when the run has ended however it did. */
  readonly ended: Promise<RunRecord>;
  /** Asks for a tidy end at the next batch, or before the first. */
  stop(): void;
  /** Ends its process at once; what it has told is kept. @param reason why, where it was not its user's wish. */
  kill(reason?: string): void;
  /** Tries again to write down what a disk has refused. */
  retry(): void;
  /** Ends it tidily and waits for no disk. */
  close(): void;
  /** Another process has the run: nothing more of it is written here. */
  lose(): void;
}

type Done = Extract<TrainingMessage, { kind: 'done' }>;

/** Milliseconds for which messages of a run are read in one turn, before what they tell is written. */
const SLICE_MS = 3;

/** Milliseconds without a sign of the images after which that is told. */
const SILENCE_MS = 10_000;

/** How often prepared images may be removed before they are read, until that is given up. */
const EMPTIED = 3;

const LOST =
  'Another process has it now, since nothing was heard of this one for too long: what became of it there is kept.';

const NO_TIMINGS: RunTimings = {
  preparing: 0,
  starting: 0,
  augmenting: 0,
  stepping: 0,
  evaluating: 0,
  reading: 0,
  reporting: 0,
  total: 0,
};

/** Prepares the images of a claimed run, trains it in a process of its own, and writes down all it tells. */
export function startRun(claimed: RunRecord, context: RunContext): RunProcess {
  const { store, owner, tell } = context;
  const begun = performance.now();
  const killsBefore = memoryKills();
  const stopping = new AbortController();
  let record: RunRecord = {
    ...claimed,
    status: 'running',
    startedAt: new Date().toISOString(),
    endedAt: null,
    reason: null,
    timings: claimed.timings ?? NO_TIMINGS,
  };
  /** Of a run that goes on: what it took before. */
  const before = claimed.timings ?? NO_TIMINGS;
  let training: HostedProcess | undefined;
  let killed: string | undefined;
  let isLost = false;

  function reasonOf(name: string, how: string): string {
    return whyEnded(name, how, { killsBefore, killsAfter: memoryKills(), machineBytes: totalmem() });
  }

  const writer = createRunWriter({
    store,
    owner,
    onEpochs(epochs) {
      for (const { figures } of epochs) tell({ kind: 'epoch', run: record.id, figures });
      recorded(epochs.at(-1)?.figures.epoch ?? record.epochs);
    },
    onRefused(error) {
      training?.post({ kind: 'hold' } satisfies TrainingRequest);
      notice(`${error.message} It waits until then, and goes on by itself.`);
    },
    onTaken() {
      recorded(record.epochs);
      notice('The store can be written again: it goes on.');
    },
    onLost: lose,
  });

  function recorded(epoch: number): void {
    training?.post({ kind: 'recorded', epoch } satisfies TrainingRequest);
  }

  function notice(message: string): void {
    save({ notices: [...record.notices, message] });
    tell({ kind: 'notice', run: record.id, message });
  }

  function lose(): void {
    if (isLost) return;
    isLost = true;
    stopping.abort();
    training?.kill();
  }

  function save(changes: Partial<RunRecord>): void {
    record = { ...record, ...changes };
    writer.update(record);
  }

  function withTotal(): RunTimings {
    return { ...(record.timings ?? NO_TIMINGS), total: before.total + performance.now() - begun };
  }

  async function end(
    changes: Partial<RunRecord>,
    { done, mendable = false }: { readonly done?: Done; readonly mendable?: boolean } = {},
  ): Promise<RunRecord> {
    record = { ...record, ...changes, endedAt: new Date().toISOString(), timings: withTotal(), owner: null };
    if (isLost) return endLost();
    const [ended, snapshots, predictions] = [record, done?.snapshots ?? [], done?.devPredictions ?? []];
    const written = await writer.end(ended, snapshots, predictions);
    if (written.kind === 'lost') return endLost();
    if (written.kind === 'refused') {
      // It is written when that can be done again; until then this process holds the run.
      context.writeLater(() => writer.retry());
      if (record.status !== 'failed') {
        const reason = [record.reason, written.error.message].filter((one) => one !== null).join(' ');
        record = { ...record, reason };
      }
    }
    tell({ kind: 'ended', run: record, mendable });
    return record;
  }

  /** What becomes of it stands in the store, and is another's. */
  function endLost(): RunRecord {
    record = { ...record, status: 'interrupted', reason: LOST, owner: null };
    tell({ kind: 'ended', run: record, mendable: false });
    context.onLost();
    return record;
  }

  function fail({ kind, message }: ErrorRecord): Promise<RunRecord> {
    return end({ status: 'failed', reason: message }, { mendable: kind === 'user' });
  }

  async function prepare(): Promise<PreparedSet> {
    function tellSilence(): void {
      notice(
        `Nothing has been heard of its images for ${SILENCE_MS / 1000} s: the disk or the network that they lie on may not answer. It goes on as soon as they can be read.`,
      );
    }
    for (let refusals = 0; ; refusals++) {
      const silence = setTimeout(tellSilence, SILENCE_MS);
      let wanted: number;
      try {
        return await prepared(() => silence.refresh());
      } catch (error) {
        if (!(error instanceof NeedsRoom)) throw error;
        wanted = error.bytes;
        if (refusals === 0)
          notice(`${error.message} It waits for ${bytesText(wanted)} of room, and goes on by itself.`);
      } finally {
        clearTimeout(silence);
      }
      await untilRoom(context.home.cache, wanted, refusals, stopping.signal);
    }
  }

  async function prepared(onNews: () => void): Promise<PreparedSet> {
    const set = await context.data.call(
      'prepare',
      {
        config: record.config,
        folders: {
          datasets: context.home.datasets,
          cache: context.home.cache,
          cacheMaxBytes: context.home.cacheMaxBytes,
        },
      },
      {
        onProgress: (progress) => {
          onNews();
          tell({ kind: 'preparing', run: record.id, progress });
        },
        signal: stopping.signal,
      },
    );
    save({
      classes: set.classes,
      inputShape: set.inputShape,
      samples: set.samples,
      unreadable: set.unreadable,
      datasetFolder: set.datasetFolder,
      preparation: {
        decoded: set.decoded,
        images: set.images,
        datasetFingerprint: set.datasetFingerprint,
        preparedKey: set.preparedKey,
      },
      timings: { ...before, preparing: before.preparing + set.ms },
    });
    const seen: SeenDataset = {
      name: basename(set.datasetFolder),
      folder: set.datasetFolder,
      fingerprint: set.datasetFingerprint,
      classes: set.classes,
      samples: set.samples,
      images: set.images + set.unreadable.length,
      unreadable: set.unreadable.length,
      lastUsedAt: new Date().toISOString(),
    };
    if (!recordDataset(seen)) context.writeLater(() => recordDataset(seen));
    tell({ kind: 'prepared', run: record.id, set });
    return set;
  }

  /** @returns whether the disk has taken it. */
  function recordDataset(seen: SeenDataset): boolean {
    try {
      store.recordDataset(seen);
      return true;
    } catch (error) {
      if (!(error instanceof WriteRefused)) throw error;
      return false;
    }
  }

  /** @returns undefined where its prepared images were gone before it could begin. */
  function train(set: PreparedSet): Promise<RunRecord | undefined> {
    const folder = join(context.home.runs, record.id);
    mkdirSync(folder, { recursive: true });
    // Of a process that died while it kept its state; nobody else writes here.
    for (const name of readdirSync(folder))
      if (name.endsWith('.part')) rmSync(join(folder, name), { force: true });
    const previousFile = join(folder, 'previous.checkpoint');
    const hosted = context.host.start(context.trainingEntry);
    training = hosted;
    return new Promise((resolve) => {
      let over = false;
      function settle(ended: Promise<RunRecord> | undefined): void {
        over = true;
        resolve(ended);
      }
      const received: unknown[] = [];
      let unrecorded: RecordedEpoch[] = [];
      /** Epochs that came together are written together: a transaction takes as long as several of them. */
      function recordEpochs(): void {
        if (unrecorded.length === 0) return;
        const epochs = unrecorded;
        unrecorded = [];
        writer.epochs(record, epochs);
      }
      /** @returns whether there is more. */
      function receiveSome(most: number): boolean {
        try {
          const begun = performance.now();
          while (received.length > 0 && performance.now() - begun < most) receive(received.shift());
          recordEpochs();
        } catch (error) {
          received.length = 0;
          hosted.kill();
          settle(fail(toErrorRecord(error)));
        }
        return received.length > 0;
      }
      function receive(raw: unknown): void {
        if (over) return;
        const message = TrainingMessage.parse(raw);
        if (message.kind !== 'epoch') recordEpochs();
        if (message.kind === 'started') {
          save({
            backend: message.backend,
            layers: message.network.layers,
            parameters: message.network.parameters,
            samples: message.samples,
            paramsPerSample:
              message.network.parameters / (message.samples.training * record.config.nbrClones),
            versions: {
              app: context.appVersion,
              node: process.version,
              tfjs: message.tfjsVersion,
              library: message.backend.library,
              sharp: set.sharpVersion,
              platform: `${process.platform}-${process.arch}`,
            },
            timings: {
              ...(record.timings ?? NO_TIMINGS),
              starting: before.starting + message.startingMs,
            },
          });
          tell({ kind: 'started', run: record });
        } else if (message.kind === 'epoch') {
          // A run that goes on comes over epochs again that are there, to the same figures.
          if (message.figures.epoch <= record.epochs) {
            hosted.post({ kind: 'recorded', epoch: message.figures.epoch } satisfies TrainingRequest);
            return;
          }
          const { timings } = message.figures;
          const soFar = record.timings ?? NO_TIMINGS;
          record = withEpoch(
            {
              ...record,
              timings: {
                ...soFar,
                augmenting: soFar.augmenting + timings.augmenting,
                stepping: soFar.stepping + timings.stepping,
                evaluating: soFar.evaluating + timings.evaluating,
                reading: soFar.reading + timings.reading,
                reporting: soFar.reporting + timings.reporting,
              },
            },
            message.figures,
          );
          unrecorded.push({ figures: message.figures, snapshots: message.snapshots });
        } else if (message.kind === 'batch') {
          tell({
            kind: 'batch',
            run: record.id,
            epoch: message.epoch,
            done: message.done,
            total: message.total,
          });
        } else if (message.kind === 'notice') {
          notice(message.message);
        } else if (message.kind === 'full') {
          hosted.post({ kind: 'freed', bytes: freeCache(context.home.cache) } satisfies TrainingRequest);
        } else if (message.kind === 'done') {
          // Of a run that is whole the last state is enough to go on from.
          rmSync(previousFile, { force: true });
          settle(
            end(
              {
                status: message.outcome,
                reason: message.reason,
                final:
                  message.final === null
                    ? null
                    : { training: message.final.training, dev: message.final.dev },
                test: message.final?.test ?? null,
                earlyStopEpoch: message.earlyStopEpoch,
                evidence: message.evidence,
                weightsSha256: message.weightsSha256,
                peakMemoryBytes: message.peakMemoryBytes,
              },
              { done: message },
            ),
          );
        } else if (message.kind === 'unprepared') {
          hosted.kill();
          settle(undefined);
        } else if (message.kind === 'failed') {
          settle(fail(message.error));
        }
      }
      const work = slicedWork(() => receiveSome(SLICE_MS));
      hosted.onMessage((raw) => {
        received.push(raw);
        work.due();
      });
      hosted.onExit((how) => {
        // Whatever it has told is still written down.
        while (!isLost && receiveSome(SLICE_MS));
        if (over) return;
        settle(
          end(
            killed !== undefined
              ? { status: 'interrupted', reason: killed }
              : { status: 'interrupted', reason: reasonOf('Its training process', how) },
          ),
        );
      });
      hosted.post({
        kind: 'train',
        config: record.config,
        preparedFile: set.file,
        checkpointFile: join(folder, 'final.checkpoint'),
        rollingFile: join(folder, 'last.checkpoint'),
        previousFile,
        resume: { files: [join(folder, 'last.checkpoint'), previousFile], epochs: record.epochs },
      } satisfies TrainingRequest);
      if (stopping.signal.aborted) hosted.post({ kind: 'stop' } satisfies TrainingRequest);
    });
  }

  async function run(): Promise<RunRecord> {
    try {
      save({});
      for (let times = 1; times <= EMPTIED; times++) {
        const set = await prepare();
        const ended = isLost ? endLost() : await train(set);
        if (ended !== undefined) return ended;
      }
      throw new UserError(
        `Its prepared images were removed from ${context.home.cache} ${EMPTIED} times before they could be read. Start it again once nothing empties that folder any more.`,
      );
    } catch (error) {
      if (isLost) return endLost();
      if (killed !== undefined) return await end({ status: 'interrupted', reason: killed });
      if (stopping.signal.aborted)
        return await end({ status: 'stopped', reason: 'It was stopped before its first epoch.' });
      if (error instanceof DataProcessEnded) {
        return await end({
          status: 'interrupted',
          reason: reasonOf('The process that prepares images', error.how),
        });
      }
      const failure = toErrorRecord(error);
      return await fail(
        failure.kind === 'user'
          ? failure
          : { ...failure, message: `Preparing or starting it failed: ${failure.message}` },
      );
    } finally {
      training?.kill();
    }
  }

  function stop(): void {
    stopping.abort();
    training?.post({ kind: 'stop' } satisfies TrainingRequest);
  }

  return {
    ended: run(),
    stop,
    kill(reason = 'It was ended at once by its user.') {
      killed = reason;
      stopping.abort();
      training?.kill();
      writer.giveUp();
    },
    retry() {
      writer.retry();
    },
    close() {
      stop();
      writer.giveUp();
    },
    lose,
  };
}
