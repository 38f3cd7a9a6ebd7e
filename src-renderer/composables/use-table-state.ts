import { computed, shallowRef, watch } from 'vue';
import { DEFAULT_COLUMNS, type RunField, fieldOf } from '../table/run-fields.ts';
import { BY_EXPERIMENT, type Sorting } from '../table/run-groups.ts';
import { useAddress } from './use-address.ts';

const WIDTHS_KEY = 'layerbench.widths';
const COLUMNS_KEY = 'layerbench.columns';
const VIEWS_KEY = 'layerbench.views';

/** A state of the table with a name. */
export interface SavedView {
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
}

const PIECES = ['filter', 'sort', 'by', 'columns'] as const;

/** What the table of runs shows and how: all of it stands in the address; columns and views are kept in the browser too. */
export function useTableState() {
  const filter = useAddress('filter');
  const sortText = useAddress('sort');
  const byText = useAddress('by');
  const columnsText = useAddress('columns');
  const keptColumns = localStorage.getItem(COLUMNS_KEY);
  const widths = shallowRef<Readonly<Record<string, number>>>(readWidths());
  const views = shallowRef<readonly SavedView[]>(readViews());

  const columns = computed({
    get: (): readonly RunField[] => {
      const keys = columnsText.value ?? keptColumns;
      const fields = (keys === null ? DEFAULT_COLUMNS : keys.split(',')).map(fieldOf);
      const found = fields.filter((field) => field !== undefined);
      return found.length === 0 ? DEFAULT_COLUMNS.map(fieldOf).filter((field) => field !== undefined) : found;
    },
    set: (fields) => {
      const keys = fields.map(({ key }) => key).join(',');
      localStorage.setItem(COLUMNS_KEY, keys);
      columnsText.value = keys === DEFAULT_COLUMNS.join(',') && keptColumns === null ? undefined : keys;
    },
  });

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

  watch(widths, (now) => {
    localStorage.setItem(WIDTHS_KEY, JSON.stringify(now));
  });
  watch(views, (now) => {
    localStorage.setItem(VIEWS_KEY, JSON.stringify(now));
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
      const kept = Object.fromEntries(
        PIECES.flatMap((piece) => (typeof query[piece] === 'string' ? [[piece, query[piece]]] : [])),
      );
      views.value = [...views.value.filter((view) => view.name !== name), { name, query: kept }];
    },
    removeView(name: string): void {
      views.value = views.value.filter((view) => view.name !== name);
    },
  };
}

function readWidths(): Readonly<Record<string, number>> {
  const found = readJson(WIDTHS_KEY);
  if (typeof found !== 'object' || found === null) return {};
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

function readViews(): SavedView[] {
  const found = readJson(VIEWS_KEY);
  if (!Array.isArray(found)) return [];
  return found.flatMap((view: unknown) => {
    if (typeof view !== 'object' || view === null || !('name' in view) || !('query' in view)) return [];
    const { name, query } = view;
    if (typeof name !== 'string' || typeof query !== 'object' || query === null) return [];
    const texts = Object.entries(query).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return [{ name, query: Object.fromEntries(texts) }];
  });
}

function readJson(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
