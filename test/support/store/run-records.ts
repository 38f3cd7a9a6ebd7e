import type { Owner } from '../../../src-main/store/store.ts';
import { defaultConfig } from '../../../src-preload/contract/config.ts';
import { NO_BESTS, type RunRecord } from '../../../src-preload/contract/run.ts';
import type { EpochFigures } from '../../../src-preload/contract/series.ts';

/** A run as it is when it was just launched. */
export function queuedRun(changes: Partial<RunRecord> & Pick<RunRecord, 'id'>): RunRecord {
  return {
    name: 'main',
    status: 'queued',
    group: 'group',
    config: defaultConfig(),
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
    createdAt: '2026-01-02T03:04:05.000Z',
    startedAt: null,
    endedAt: null,
    ...changes,
  };
}

/** Figures of an epoch that can be told from those of any other: the losses are 1 and 2 over the epoch. */
export function epochFigures(epoch: number, changes: Partial<EpochFigures> = {}): EpochFigures {
  return {
    epoch,
    training: { loss: 1 / epoch, accuracy: 0.75 },
    dev: { loss: 2 / epoch, accuracy: 0.5 },
    learningRate: 0.01,
    elapsed: epoch * 10,
    timings: { augmenting: 1, stepping: 2, evaluating: 3, reading: 4, reporting: 5 },
    ...changes,
  };
}

/** An owner of runs on this machine, told from others by its token. */
export function ownerNamed(token: string): Owner {
  return { host: 'here', pid: process.pid, process: `process of ${token}`, token };
}
