import { onScopeDispose, type Ref, shallowRef, watch } from 'vue';
import type { Snapshot } from '../../src-preload/contract/snapshot.ts';
import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';

/** Snapshots of so many epochs are kept at hand, so that scrubbing back is at once. */
const KEPT = 400;

/** Milliseconds between two looks for new epochs while a run goes on. */
const PACE_MS = 400;

/** What pages ask for by itself; the images behind a matrix are asked for cell by cell. */
type Kind = Exclude<Snapshot['kind'], 'images' | 'predicted'>;

/** What a run kept of an epoch: of the one asked for, else of the last before it that has any. */
export function useSnapshots<Wanted extends Kind>(
  run: Ref<string>,
  kind: Wanted,
  epoch: Ref<number | undefined>,
): {
  readonly snapshots: Ref<readonly Extract<Snapshot, { kind: Wanted }>[]>;
  /** Epochs that have any, ascending. */
  readonly epochs: Ref<readonly number[]>;
  /** Nothing was ever kept, as far as is known. */
  readonly isEmpty: Ref<boolean>;
} {
  const connection = useConnection();
  const messages = useMessages();
  const snapshots = shallowRef<readonly Extract<Snapshot, { kind: Wanted }>[]>([]);
  const epochs = shallowRef<readonly number[]>([]);
  const isEmpty = shallowRef(false);
  const kept = new Map<number, readonly Extract<Snapshot, { kind: Wanted }>[]>();
  let due: ReturnType<typeof setTimeout> | undefined;
  let wanted = 0;

  async function list(): Promise<void> {
    const asked = run.value;
    try {
      const found = await connection.call('snapshotEpochs', { run: asked, kind });
      if (asked !== run.value) return;
      epochs.value = found;
      isEmpty.value = found.length === 0;
      await show();
    } catch (error) {
      messages.fail(error, list);
    }
  }

  async function show(): Promise<void> {
    const at = epoch.value ?? Infinity;
    const nearest = epochs.value.findLast((one) => one <= at) ?? epochs.value[0];
    if (nearest === undefined) {
      snapshots.value = [];
      return;
    }
    wanted = nearest;
    const known = kept.get(nearest);
    if (known !== undefined) {
      snapshots.value = known;
      return;
    }
    const asked = run.value;
    try {
      const found = (await connection.call('snapshots', { run: asked, kind, epoch: nearest })).filter(
        (one): one is Extract<Snapshot, { kind: Wanted }> => one.kind === kind,
      );
      if (asked !== run.value) return;
      kept.set(nearest, found);
      const [oldest] = kept.keys();
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
      if (wanted === nearest) snapshots.value = found;
    } catch (error) {
      messages.fail(error, show);
    }
  }

  function lookAgain(): void {
    due ??= setTimeout(() => {
      due = undefined;
      void list();
    }, PACE_MS);
  }

  watch(
    [run, () => connection.generation],
    () => {
      kept.clear();
      snapshots.value = [];
      void list();
    },
    { immediate: true },
  );
  watch(epoch, () => void show());
  const stopListening = connection.onEvent((event) => {
    if (event.kind === 'missed') lookAgain();
    else if ((event.kind === 'epochs' || event.kind === 'epoch') && event.run === run.value) lookAgain();
    else if (event.kind === 'ended' && event.run.id === run.value) lookAgain();
  });
  onScopeDispose(() => {
    stopListening();
    clearTimeout(due);
  });
  return { snapshots, epochs, isEmpty };
}
