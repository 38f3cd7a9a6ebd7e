import { UserError } from '../../src-preload/contract/errors.ts';
import type { Prediction, RunRecord } from '../../src-preload/contract/run.ts';
import type { Snapshot } from '../../src-preload/contract/snapshot.ts';
import { type Owner, type RecordedEpoch, type Store, WriteRefused } from '../store/store.ts';

/** How the row of a run that has ended was written: not at all where it is another process's, not yet where a disk refuses it. */
export type EndWritten =
  | { readonly kind: 'written' }
  | { readonly kind: 'lost' }
  /** It is tried again as long as this process lives. */
  | { readonly kind: 'refused'; readonly error: UserError };

/** Writes down what becomes of one run, in order. What a disk refuses waits until it is taken. */
export interface RunWriter {
  /** Writes the row. */
  update(record: RunRecord): void;
  /** Writes epochs, and the row that sums them up. */
  epochs(record: RunRecord, epochs: readonly RecordedEpoch[]): void;
  /** Writes the row of the run that has ended with what it kept; resolves when that is done, or given up. */
  end(
    record: RunRecord,
    snapshots: readonly Snapshot[],
    predictions: readonly Prediction[],
  ): Promise<EndWritten>;
  /** Tries again what was refused. @returns whether nothing waits any more. */
  retry(): boolean;
  /** Lets nobody wait any more for what is refused. */
  giveUp(): void;
}

/** Who is told of what comes of it. */
export interface RunWriterOptions {
  readonly store: Pick<Store, 'update' | 'recordEpochs' | 'end'>;
  readonly owner: Owner;
  /** These epochs are written down. */
  readonly onEpochs: (epochs: readonly RecordedEpoch[]) => void;
  /** A disk begins to refuse: until `onTaken` nothing is written. */
  readonly onRefused: (error: WriteRefused) => void;
  readonly onTaken: () => void;
  /** Another process has the run. Nothing more is written. */
  readonly onLost: () => void;
}

interface Ending {
  record: RunRecord;
  readonly snapshots: readonly Snapshot[];
  readonly predictions: readonly Prediction[];
  readonly settle: (how: EndWritten) => void;
}

export function createRunWriter(options: RunWriterOptions): RunWriter {
  const { store, owner } = options;
  let row: RunRecord | undefined;
  let epochs: RecordedEpoch[] = [];
  let ending: Ending | undefined;
  let hasEnded = false;
  let isRefused = false;
  let isLost = false;
  let mayWait = true;

  /** @returns whether the run is still this owner's. */
  function writeAll(): boolean {
    if (epochs.length > 0 && row !== undefined) {
      if (!store.recordEpochs(row, owner, epochs)) return false;
      row = undefined;
      const written = epochs;
      epochs = [];
      options.onEpochs(written);
    }
    if (ending !== undefined) {
      const { record, snapshots, predictions, settle } = ending;
      if (!store.end(record, owner, snapshots, predictions)) return false;
      row = ending = undefined;
      settle({ kind: 'written' });
    } else if (row !== undefined) {
      if (!store.update(row, owner)) return false;
      row = undefined;
    }
    return true;
  }

  function write(): void {
    if (isLost) {
      ending?.settle({ kind: 'lost' });
      return;
    }
    try {
      isLost = !writeAll();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const canWait = error instanceof WriteRefused;
      if (ending === undefined && !canWait) throw error;
      if (canWait && !isRefused) {
        isRefused = true;
        options.onRefused(error);
      }
      if (!canWait || !mayWait) ending?.settle({ kind: 'refused', error });
      return;
    }
    if (isLost) {
      options.onLost();
      ending?.settle({ kind: 'lost' });
    } else if (isRefused) {
      isRefused = false;
      options.onTaken();
    }
  }

  return {
    update(record) {
      if (ending !== undefined) ending.record = record;
      // The row of a run that has ended is nobody's any more.
      if (hasEnded) return;
      row = record;
      if (!isRefused) write();
    },
    epochs(record, added) {
      row = record;
      epochs.push(...added);
      if (!isRefused) write();
    },
    end: (record, snapshots, predictions) =>
      new Promise((settle) => {
        hasEnded = true;
        ending = { record, snapshots, predictions, settle };
        write();
      }),
    retry() {
      if (isRefused) write();
      return !isRefused;
    },
    giveUp() {
      mayWait = false;
      if (isRefused) write();
    },
  };
}
