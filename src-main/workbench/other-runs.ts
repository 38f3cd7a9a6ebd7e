import type { RunEvent } from '../../src-preload/contract/events.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { ReadStore } from '../store/store.ts';

/** What other processes do to runs on the data folder, as far as the store tells. */
export interface OtherRuns {
  /** Tells what has changed since the last look. Costs next to nothing where nobody has written. */
  look(): void;
  /** A run that is told of by somebody else from now on. */
  forget(id: string): void;
}

/** What has been told of a run. */
interface Told {
  status: RunRecord['status'];
  hasStarted: boolean;
  epochs: number;
  notices: number;
}

/**
 * Follows runs of other processes from here on: what they did before is told by the store alone.
 * @param isOurs whether this process works on a run, and tells of it itself.
 */
export function followOtherRuns(
  store: ReadStore,
  isOurs: (id: string) => boolean,
  tell: (event: RunEvent) => void,
): OtherRuns {
  const told = new Map<string, Told>();
  // First, so that what is written meanwhile is looked at again rather than passed over.
  let version = store.dataVersion();
  let { newest } = store.runsAfter(0);
  let newestChange = store.newestChange();
  for (const { id } of store.held()) {
    const record = isOurs(id) ? undefined : store.run(id);
    if (record !== undefined) told.set(id, toldOf(record));
  }

  function begin(record: RunRecord): void {
    tell({ kind: 'queued', run: record });
    told.set(record.id, { status: 'queued', hasStarted: false, epochs: 0, notices: 0 });
  }

  function goOn(record: RunRecord, before: Told): void {
    const { id, status, backend, notices } = record;
    if (status !== before.status && status === 'running' && backend === null) {
      tell({ kind: 'preparing', run: id, progress: { what: 'preparing', done: 0, total: 0 } });
    }
    before.status = status;
    if (!before.hasStarted && backend !== null) {
      before.hasStarted = true;
      tell({ kind: 'started', run: record });
    }
    for (const message of notices.slice(before.notices)) tell({ kind: 'notice', run: id, message });
    before.notices = notices.length;
    if (record.epochs > before.epochs) {
      for (const figures of store.figures(id, before.epochs)) {
        tell({ kind: 'epoch', run: id, figures });
        before.epochs = figures.epoch;
      }
    }
    if (status !== 'queued' && status !== 'running') {
      told.delete(id);
      tell({ kind: 'ended', run: record, mendable: false });
    }
  }

  return {
    look() {
      const now = store.dataVersion();
      if (now === version) return;
      const added = store.runsAfter(newest);
      const statuses = new Map(store.held().map(({ id, status }) => [id, status]));
      // A run that was taken up again is not new, but held.
      for (const id of new Set([...added.ids, ...statuses.keys()])) {
        if (isOurs(id) || told.has(id)) continue;
        const record = store.run(id);
        if (record !== undefined) begin(record);
      }
      newest = added.newest;
      for (const [id, before] of [...told]) {
        // Of a thousand that wait, none needs to be read.
        if (before.status === 'queued' && statuses.get(id) === 'queued') continue;
        const record = store.run(id);
        if (record === undefined) told.delete(id);
        else goOn(record, before);
      }
      const changed = new Map<string, boolean>();
      for (const { number, run, isRemoved } of store.changesAfter(newestChange)) {
        changed.set(run, isRemoved);
        newestChange = number;
      }
      for (const [id, isRemoved] of changed) {
        const record = isRemoved ? undefined : store.run(id);
        if (isRemoved) tell({ kind: 'removed', run: id });
        else if (record !== undefined) tell({ kind: 'changed', run: record });
      }
      // Last, so that a look which failed half-way is taken again.
      version = now;
    },
    forget(id) {
      told.delete(id);
    },
  };
}

function toldOf({ status, backend, epochs, notices }: RunRecord): Told {
  return { status, hasStarted: backend !== null, epochs, notices: notices.length };
}
