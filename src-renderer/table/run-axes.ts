import type { RunRow } from '../../src-preload/contract/api.ts';
import type { RunAxis } from '../charts/scatter.ts';
import { folderName } from './folder-name.ts';
import type { RunField } from './run-fields.ts';

/** From so many times its smallest on, an option that is above 0 everywhere is drawn on a logarithmic scale. */
const LOG_FROM = 50;

/** A field as an axis over runs, and the place of each run on it. */
export function runAxis(
  field: RunField,
  runs: readonly RunRow[],
): { readonly axis: RunAxis; readonly places: readonly (number | undefined)[] } {
  const values = runs.map((run) => field.value(run));
  if (field.kind === 'number') {
    const numbers = values.filter(
      (value): value is number => typeof value === 'number' && Number.isFinite(value),
    );
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const isLog = field.option !== undefined && low > 0 && high / low >= LOG_FROM;
    return {
      axis: { label: field.label, isLog, text: (value) => field.text(value) },
      places: values.map((value) =>
        typeof value === 'number' && Number.isFinite(value) ? value : undefined,
      ),
    };
  }
  const texts = values.map((value) => field.text(value));
  const collator = new Intl.Collator('en', { numeric: true });
  const categories = [...new Set(texts)].sort((one, other) => collator.compare(one, other));
  return {
    axis: { label: field.label, categories: shownNames(field, categories), text: String },
    places: texts.map((text) => categories.indexOf(text)),
  };
}

/** Charts are exported: folders stand on them by their last names, numbered where two have the same. */
function shownNames({ option }: RunField, categories: readonly string[]): readonly string[] {
  if (option !== 'dataset' && option !== 'datasetsPath') return categories;
  const seen = new Map<string, number>();
  return categories.map((path) => {
    const name = folderName(path);
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  });
}
