import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { basename, join } from 'node:path';
import type { PreparedSet } from '../../src-preload/contract/data-process.ts';
import { type ErrorRecord, toErrorRecord, UserError } from '../../src-preload/contract/errors.ts';
import type { RunEvent } from '../../src-preload/contract/events.ts';
import type { RunRecord, RunTimings } from '../../src-preload/contract/run.ts';
import { withEpoch } from '../../src-preload/contract/summary.ts';
import { TrainingMessage, type TrainingRequest } from '../../src-preload/contract/training-process.ts';
import type { Owner, RecordedEpoch, Store } from '../store/store.ts';
import { type DataClient, DataProcessEnded } from './data-client.ts';
import { memoryKills, whyEnded } from './ended-process.ts';
import type { Home } from './home.ts';
import type { HostedProcess, ProcessHost } from './process-host.ts';
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
  /** Tries again, until it does not throw, what a disk has refused. */
  readonly writeLater: (write: () => void) => void;
}

/** A run that this process works on. */
export interface RunProcess {
  /** The row as it stays, when the run has ended however it did. */
  readonly ended: Promise<RunRecord>;
  /** Asks for a tidy end at the next batch, or before the first. */
  stop(): void;
  /** Ends its process at once; what it has told is kept. @param reason why, where it was not its user's wish. */
  kill(reason?: string): void;
}

type Done = Extract<TrainingMessage, { kind: 'done' }>;

/** Milliseconds for which messages of a run are read in one turn, before what they tell is written. */
const SLICE_MS = 3;

/** Milliseconds without a sign of the images after which that is told. */
const SILENCE_MS = 10_000;

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

  function reasonOf(name: string, how: string): string {
    return whyEnded(name, how, { killsBefore, killsAfter: memoryKills(), machineBytes: totalmem() });
  }

  function save(changes: Partial<RunRecord>): void {
    record = { ...record, ...changes };
    store.update(record, owner);
  }

  function withTotal(): RunTimings {
    return { ...(record.timings ?? NO_TIMINGS), total: before.total + performance.now() - begun };
  }

  function end(
    changes: Partial<RunRecord>,
    { done, mendable = false }: { readonly done?: Done; readonly mendable?: boolean } = {},
  ): RunRecord {
    record = { ...record, ...changes, endedAt: new Date().toISOString(), timings: withTotal(), owner: null };
    const [ended, snapshots, predictions] = [record, done?.snapshots ?? [], done?.devPredictions ?? []];
    try {
      store.end(ended, owner, snapshots, predictions);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      // It is written when that can be done again; until then this process holds the run.
      context.writeLater(() => {
        store.end(ended, owner, snapshots, predictions);
      });
      if (record.status !== 'failed') {
        const reason = [record.reason, error.message].filter((one) => one !== null).join(' ');
        record = { ...record, reason };
      }
    }
    tell({ kind: 'ended', run: record, mendable });
    return record;
  }

  function fail({ kind, message }: ErrorRecord): RunRecord {
    return end({ status: 'failed', reason: message }, { mendable: kind === 'user' });
  }

  async function prepare(): Promise<PreparedSet> {
    function tellSilence(): void {
      const message = `Nothing has been heard of its images for ${SILENCE_MS / 1000} s: the disk or the network that they lie on may not answer. It goes on as soon as they can be read.`;
      save({ notices: [...record.notices, message] });
      tell({ kind: 'notice', run: record.id, message });
    }
    const silence = setTimeout(tellSilence, SILENCE_MS);
    try {
      return await prepared(() => silence.refresh());
    } finally {
      clearTimeout(silence);
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
    store.recordDataset({
      name: basename(set.datasetFolder),
      folder: set.datasetFolder,
      fingerprint: set.datasetFingerprint,
      classes: set.classes,
      samples: set.samples,
      images: set.images + set.unreadable.length,
      unreadable: set.unreadable.length,
      lastUsedAt: new Date().toISOString(),
    });
    tell({ kind: 'prepared', run: record.id, set });
    return set;
  }

  function train(set: PreparedSet): Promise<RunRecord> {
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
      function settle(ended: RunRecord): void {
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
        store.recordEpochs(record, owner, epochs);
        for (const { figures } of epochs) tell({ kind: 'epoch', run: record.id, figures });
        const last = epochs.at(-1)?.figures.epoch ?? 0;
        hosted.post({ kind: 'recorded', epoch: last } satisfies TrainingRequest);
      }
      /** @returns whether there is more. */
      function receiveSome(most: number): boolean {
        try {
          const begun = performance.now();
          while (received.length > 0 && performance.now() - begun < most) receive(received.shift());
          recordEpochs();
        } catch (error) {
          received.length = 0;
          over = true;
          hosted.kill();
          resolve(fail(toErrorRecord(error)));
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
          save({ notices: [...record.notices, message.message] });
          tell({ kind: 'notice', run: record.id, message: message.message });
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
        while (receiveSome(SLICE_MS));
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
      return await train(await prepare());
    } catch (error) {
      if (killed !== undefined) return end({ status: 'interrupted', reason: killed });
      if (stopping.signal.aborted)
        return end({ status: 'stopped', reason: 'It was stopped before its first epoch.' });
      if (error instanceof DataProcessEnded) {
        return end({
          status: 'interrupted',
          reason: reasonOf('The process that prepares images', error.how),
        });
      }
      const failure = toErrorRecord(error);
      return fail(
        failure.kind === 'user'
          ? failure
          : { ...failure, message: `Preparing or starting it failed: ${failure.message}` },
      );
    } finally {
      training?.kill();
    }
  }

  return {
    ended: run(),
    stop() {
      stopping.abort();
      training?.post({ kind: 'stop' } satisfies TrainingRequest);
    },
    kill(reason = 'It was ended at once by its user.') {
      killed = reason;
      stopping.abort();
      training?.kill();
    },
  };
}
