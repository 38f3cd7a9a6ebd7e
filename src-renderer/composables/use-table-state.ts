import { computed } from 'vue';
import { type PreferenceValue, usePreferences } from '../stores/preferences.ts';
import { DEFAULT_COLUMNS, type RunField, fieldOf } from '../table/run-fields.ts';
import { BY_EXPERIMENT, type Sorting } from '../table/run-groups.ts';
import { useAddress } from './use-address.ts';

/** A state of the table with a name. */
export interface SavedView {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
}

const PIECES = ['filter', 'sort', 'by', 'columns'] as const;

/** What stands in the address beside them, and stays as it is whichever view is shown. */
const OTHERS = ['shown', 'baseline', 'trash'] as const;

/** What the table of runs shows and how: all of it stands in the address; columns, widths and views are kept. */
export function useTableState() {
  const preferences = usePreferences();
  const filter = useAddress('filter');
  const sortText = useAddress('sort');
  const byText = useAddress('by');
  const columnsText = useAddress('columns');

  const columns = computed({
    get: (): readonly RunField[] => {
      const kept = preferences.value('columns');
      const keys = columnsText.value?.split(',') ?? textsOf(kept) ?? DEFAULT_COLUMNS;
      const found = keys.map(fieldOf).filter((field) => field !== undefined);
      return found.length > 0 ? found : DEFAULT_COLUMNS.map(fieldOf).filter((field) => field !== undefined);
    },
    set: (fields) => {
      const keys = fields.map(({ key }) => key);
      void preferences.set('columns', keys);
      columnsText.value = keys.join(',');
    },
  });

  const widths = computed({
    get: (): Readonly<Record<string, number>> => numbersOf(preferences.value('widths')),
    set: (now) => void preferences.set('widths', { ...now }),
  });

  const views = computed((): readonly SavedView[] => viewsOf(preferences.value('views')));
  function setViews(now: readonly SavedView[]): void {
    void preferences.set(
      'views',
      now.map(({ name, query }) => ({ name, query: { ...query } })),
    );
  }

  /** `-dev.accuracy,name`: a minus is descending. */
  const sorting = computed({
    get: (): readonly Sorting[] =>
      (sortText.value ?? '').split(',').flatMap((piece) => {
        const field = fieldOf(piece.replace(/^-/, ''));
        return field === undefined ? [] : [{ field, descending: piece.startsWith('-') }];
      }),
    set: (sorted) => {
      sortText.value = sorted
        .map(({ field, descending }) => `${descending ? '-' : ''}${field.key}`)
        .join(',');
    },
  });

  const by = computed({
    get: (): readonly string[] =>
      (byText.value ?? '').split(',').filter((key) => key === BY_EXPERIMENT || fieldOf(key) !== undefined),
    set: (keys) => {
      byText.value = keys.join(',');
    },
  });

  return {
    filter,
    columns,
    sorting,
    by,
    widths,
    views,
    /** Sorts by a column, then the other way round, then no more; with `more` after what is sorted by already. */
    sortBy(field: RunField, more: boolean): void {
      const own = sorting.value.find((one) => one.field === field);
      // Figures are looked at from their best or largest on.
      const first = field.kind === 'number' && field.better !== 'lower';
      const next =
        own === undefined
          ? { field, descending: first }
          : own.descending === first
            ? { field, descending: !first }
            : undefined;
      const others = more ? sorting.value.filter((one) => one.field !== field) : [];
      if (more && own !== undefined && next !== undefined)
        sorting.value = sorting.value.map((one) => (one.field === field ? next : one));
      else sorting.value = next === undefined ? others : [...others, next];
    },
    saveView(name: string, query: Readonly<Record<string, unknown>>): void {
      // The columns are kept even where the address says nothing of them: others may be chosen later.
      const kept = {
        ...textsIn(query, PIECES),
        columns: columns.value.map(({ key }) => key).join(','),
      };
      setViews([...views.value.filter((view) => view.name !== name), { name, query: kept }]);
    },
    /** The address of a view, on a page whose address has this query. */
    queryOf(view: SavedView, query: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
      return { ...textsIn(query, OTHERS), ...view.query };
    },
    /** @returns what puts it back where it was. */
    removeView(name: string): () => void {
      const before = views.value;
      const place = before.findIndex((view) => view.name === name);
      const removed = before.slice(place, place + 1);
      setViews(before.filter((view) => view.name !== name));
      return () => {
        const others = views.value.filter((view) => view.name !== name);
        setViews(others.toSpliced(place, 0, ...removed));
      };
    },
  };
}

function textsIn(
  query: Readonly<Record<string, unknown>>,
  pieces: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    pieces.flatMap((piece) => {
      const text = query[piece];
      return typeof text === 'string' ? [[piece, text] as const] : [];
    }),
  );
}

function textsOf(value: PreferenceValue | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : undefined;
}

function recordOf(value: PreferenceValue | undefined): Readonly<Record<string, PreferenceValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function numbersOf(value: PreferenceValue | undefined): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(recordOf(value)).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}

function viewsOf(value: PreferenceValue | undefined): SavedView[] {
  return (Array.isArray(value) ? value : []).flatMap((one) => {
    const { name, query } = recordOf(one);
    if (typeof name !== 'string') return [];
    const texts = Object.entries(recordOf(query)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return [{ name, query: Object.fromEntries(texts) }];
  });
}
