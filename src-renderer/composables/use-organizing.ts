import type { CallParams, RunRow } from '../../src-preload/contract/api.ts';
import { counted } from '../../src-preload/contract/figure-text.ts';
import { useConnection } from '../stores/connection.ts';
import { useMessages } from '../stores/messages.ts';
import { useRuns } from '../stores/runs.ts';
import { useUndo } from '../stores/undo.ts';

type Wish = CallParams<'organize'>;
type Said = Pick<RunRow, 'id' | 'name' | 'tags' | 'note' | 'starred'>;

/** What is said of runs and done with them; all of it can be undone. */
export function useOrganizing() {
  const connection = useConnection();
  const messages = useMessages();
  const undo = useUndo();
  const runs = useRuns();

  function known(ids: readonly string[]): Said[] {
    return ids.flatMap((id) => runs.byId.get(id) ?? runs.trashed?.get(id) ?? []);
  }

  return {
    async organize(wish: Wish): Promise<void> {
      if (wish.runs.length === 0) return;
      const before = known(wish.runs);
      await messages.attempt(async () => {
        await connection.call('organize', wish);
        const back = wayBack(wish, before);
        if (back.length === 0) return;
        // A star is seen where it was set.
        const isQuiet = wish.starred !== undefined && wish.runs.length === 1;
        undo.did(
          sentenceOf(wish, before),
          async () => {
            for (const one of back) await connection.call('organize', one);
          },
          { isQuiet },
        );
      });
    },
    async trash(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await messages.attempt(async () => {
        await connection.call('trash', { runs: [...ids] });
        undo.did(`${counted(ids.length, 'run')} moved to the trash.`, () =>
          connection.call('restore', { runs: [...ids] }),
        );
      });
    },
    async restore(ids: readonly string[]): Promise<void> {
      if (ids.length === 0) return;
      await messages.attempt(async () => {
        await connection.call('restore', { runs: [...ids] });
        undo.did(`${counted(ids.length, 'run')} restored.`, () =>
          connection.call('trash', { runs: [...ids] }),
        );
      });
    },
  };
}

/** What gives runs back what was said of them before; nothing where the wish changes nothing. */
export function wayBack(wish: Wish, before: readonly Said[]): Wish[] {
  const back: Wish[] = [];
  const changedStar = before.filter(({ starred }) => wish.starred !== undefined && starred !== wish.starred);
  if (changedStar.length > 0)
    back.push({ runs: changedStar.map(({ id }) => id), starred: wish.starred !== true });
  for (const tag of wish.addTags ?? []) {
    const without = before.filter(({ tags }) => !tags.includes(tag)).map(({ id }) => id);
    if (without.length > 0) back.push({ runs: without, removeTags: [tag] });
  }
  for (const tag of wish.removeTags ?? []) {
    const having = before.filter(({ tags }) => tags.includes(tag)).map(({ id }) => id);
    if (having.length > 0) back.push({ runs: having, addTags: [tag] });
  }
  for (const { id, name, note } of before) {
    if (wish.name !== undefined && wish.name !== name) back.push({ runs: [id], name });
    if (wish.note !== undefined && wish.note !== note) back.push({ runs: [id], note });
  }
  return back;
}

function sentenceOf(wish: Wish, before: readonly Said[]): string {
  const [only] = before;
  const who = before.length === 1 && only !== undefined ? only.name : counted(before.length, 'run');
  const does = before.length === 1 ? 'has' : 'have';
  if (wish.name !== undefined) return `${who} is called ${wish.name} now.`;
  if (wish.note !== undefined) return `The note of ${who} was changed.`;
  if (wish.addTags !== undefined) return `${who} ${does} the tag ${wish.addTags.join(', ')} now.`;
  if (wish.removeTags !== undefined) return `${who} no longer ${does} the tag ${wish.removeTags.join(', ')}.`;
  return wish.starred === true ? `${who} ${does} a star now.` : `${who} no longer ${does} a star.`;
}
