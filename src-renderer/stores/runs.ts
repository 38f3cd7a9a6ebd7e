import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef, watch } from 'vue';
import type { RunRow } from '../../src-preload/contract/api.ts';
import type { WatchedEvent } from '../../src-preload/contract/events.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { EpochFigures } from '../../src-preload/contract/series.ts';
import { withEpoch } from '../../src-preload/contract/summary.ts';
import { isConnectionLost, useConnection } from './connection.ts';
import { faultText, useMessages } from './messages.ts';
import { paced } from './paced.ts';

/** Runs read in one call: few at first, so that there is something to see, and never so many that the page stands still. */
const FIRST_PIECE = 100;
const PIECE = 300;

/** Milliseconds after which the next are read, whatever else there is to do. */
const LATEST_MS = 150;

/** Milliseconds between two updates of what is shown of all runs. */
const PACE_MS = 100;

/** How far a run has come that has not taken its first step, and the epoch under way. */
export interface RunProgress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

/** Every run of the data folder, kept up to date. */
export const useRuns = defineStore('runs', () => {
  const connection = useConnection();
  const messages = useMessages();
  const byId = shallowRef(new Map<string, RunRow>());
  const progress = shallowRef(new Map<string, RunProgress>());
  /** Runs in the trash, once they have been asked for. */
  const trashed = shallowRef<ReadonlyMap<string, RunRow>>();
  const isComplete = shallowRef(false);
  const hasBegun = shallowRef(false);
  /** Why they could not be read when that was last tried. */
  const fault = shallowRef<string>();
  let reading = 0;
  const showing = paced(() => {
    triggerRef(byId);
    triggerRef(progress);
  }, PACE_MS);

  function put(record: RunRow | RunRecord): void {
    byId.value.set(record.id, rowOf(record));
  }

  function addEpochs(id: string, figures: readonly EpochFigures[]): void {
    let row = byId.value.get(id);
    if (row === undefined) return;
    for (const one of figures) if (one.epoch > row.epochs) row = withEpoch(row, one);
    byId.value.set(id, row);
  }

  function apply(event: WatchedEvent): void {
    if (event.kind === 'missed') {
      void read();
      return;
    }
    if (event.kind === 'changed') changed(event.run);
    else if (event.kind === 'removed') removed(event.run);
    else if (event.kind === 'queued' || event.kind === 'started' || event.kind === 'ended') {
      put(event.run);
      progress.value.delete(event.run.id);
    } else if (event.kind === 'epoch') addEpochs(event.run, [event.figures]);
    else if (event.kind === 'epochs') addEpochs(event.run, event.figures);
    else if (event.kind === 'preparing') {
      const row = byId.value.get(event.run);
      if (row?.status === 'queued') byId.value.set(event.run, { ...row, status: 'running' });
      progress.value.set(event.run, event.progress);
    } else if (event.kind === 'batch')
      progress.value.set(event.run, { what: `epoch ${event.epoch}`, done: event.done, total: event.total });
    showing.due();
  }

  function changed(record: RunRecord): void {
    if (record.trashedAt === null) put(record);
    else byId.value.delete(record.id);
    if (trashed.value === undefined) return;
    const next = new Map(trashed.value);
    if (record.trashedAt === null) next.delete(record.id);
    else next.set(record.id, rowOf(record));
    trashed.value = next;
  }

  function removed(id: string): void {
    byId.value.delete(id);
    if (trashed.value === undefined) return;
    trashed.value = new Map([...trashed.value].filter(([one]) => one !== id));
  }

  async function readTrash(): Promise<void> {
    const rows = await messages.attempt(() => connection.call('runs', { trashed: true }));
    if (rows !== undefined) trashed.value = new Map(rows.map((row) => [row.id, row]));
  }

  async function read(): Promise<void> {
    const begun = new Set(byId.value.keys());
    const mine = ++reading;
    try {
      let last: string | undefined;
      const seen = new Map<string, RunRow>();
      for (let piece = FIRST_PIECE; ; piece = PIECE) {
        const rows = await connection.call('runs', {
          limit: piece,
          ...(last === undefined ? {} : { olderThan: last }),
        });
        if (mine !== reading) return;
        for (const row of rows) {
          seen.set(row.id, row);
          byId.value.set(row.id, row);
        }
        if (hasBegun.value) showing.due();
        else triggerRef(byId);
        hasBegun.value = true;
        last = rows.at(-1)?.id;
        if (rows.length < piece) break;
        if (piece !== FIRST_PIECE) await idle();
        if (mine !== reading) return;
      }
      // What was there before and is no longer has been removed meanwhile.
      for (const id of begun) if (!seen.has(id)) byId.value.delete(id);
      triggerRef(byId);
      isComplete.value = true;
      fault.value = undefined;
    } catch (error) {
      // It is said where the runs would stand; a lost connection is taken up again, and they are read anew.
      if (mine === reading && !isConnectionLost(error)) fault.value = faultText(error);
    }
  }

  connection.onEvent(apply);
  watch(
    () => connection.generation,
    (generation) => {
      if (generation > 0) void read();
    },
    { immediate: true },
  );

  return {
    byId,
    progress,
    /** All runs have been read at least once. */
    isComplete,
    /** The first of them have. */
    hasBegun,
    fault,
    /** Newest first. */
    list: computed(() =>
      [...byId.value.values()].sort((one, other) =>
        one.createdAt < other.createdAt ? 1 : one.createdAt > other.createdAt ? -1 : 0,
      ),
    ),
    trashed,
    readTrash,
    put,
    /** Shows what was put there. */
    show(): void {
      showing.due();
    },
    read,
  };
});

/** What people have asked for meanwhile goes first. */
function idle(): Promise<unknown> {
  return new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(resolve, { timeout: LATEST_MS });
    else setTimeout(resolve);
  });
}

function rowOf(record: RunRow | RunRecord): RunRow {
  const row: RunRow & Partial<RunRecord> = { ...record };
  delete row.layers;
  delete row.classes;
  delete row.notices;
  delete row.unreadable;
  delete row.versions;
  return row;
}
