import type { RunRow } from '../../src-preload/contract/api.ts';
import { type OptionKey, optionKeys, optionOf } from '../../src-preload/contract/config.ts';
import {
  countText,
  durationText,
  lossText,
  momentText,
  percentText,
  ratioText,
  shapeText,
} from '../../src-preload/contract/figure-text.ts';

/** A value as it is sorted and compared; lists are asked what they have. */
export type FieldValue = string | number | boolean | readonly string[] | undefined;

/** Something that every run can be asked for: a column, a word of the filter language, an axis. */
export interface RunField {
  /** As the filter language calls it. */
  readonly key: string;
  readonly label: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'list';
  readonly value: (run: RunRow) => FieldValue;
  /** A value of this field, or a mean of several, as it is shown. */
  readonly text: (value: FieldValue) => string;
  /** Whether more is better; absent where neither is. */
  readonly better?: 'higher' | 'lower';
  /** The option behind it. */
  readonly option?: OptionKey;
  /** Pixels that its column has at first. */
  readonly width: number;
}

type Words = Pick<RunField, 'key' | 'label'> & Partial<Pick<RunField, 'better' | 'width' | 'option'>>;

function figure(
  words: Words,
  value: (run: RunRow) => number | null | undefined,
  print: (value: number) => string,
): RunField {
  return {
    width: 104,
    ...words,
    kind: 'number',
    value: (run) => value(run) ?? undefined,
    text: (given) => (typeof given === 'number' ? print(given) : ''),
  };
}

function words(given: Words, value: (run: RunRow) => string | null | undefined): RunField {
  return {
    width: 120,
    ...given,
    kind: 'text',
    value: (run) => value(run) ?? undefined,
    text: (one) => (typeof one === 'string' ? one : ''),
  };
}

/** The figures that have a best of their own. */
const BESTS = [
  { figure: 'trainingAccuracy', key: 'training.accuracy', label: 'training acc.', better: 'higher' },
  { figure: 'devAccuracy', key: 'dev.accuracy', label: 'dev acc.', better: 'higher' },
  { figure: 'trainingLoss', key: 'training.loss', label: 'training loss', better: 'lower' },
  { figure: 'devLoss', key: 'dev.loss', label: 'dev loss', better: 'lower' },
] as const;

/** The best that a figure ever was in a run, and the epoch of it. */
function bestFields({ figure: of, key, label, better }: (typeof BESTS)[number]): RunField[] {
  return [
    figure(
      { key: `best.${key}`, label: `Best ${label}`, better, width: 124 },
      ({ bests }) => bests[of]?.value,
      better === 'higher' ? percentText : lossText,
    ),
    figure(
      { key: `best.${key}.epoch`, label: `Epoch of best ${label}`, width: 168 },
      ({ bests }) => bests[of]?.epoch,
      countText,
    ),
  ];
}

const FIGURES: readonly RunField[] = [
  words({ key: 'name', label: 'Run', width: 220 }, ({ name }) => name),
  words({ key: 'status', label: 'Status', width: 104 }, ({ status }) => status),
  figure(
    { key: 'training.accuracy', label: 'Training acc.', better: 'higher' },
    ({ last }) => last?.training.accuracy,
    percentText,
  ),
  figure(
    { key: 'dev.accuracy', label: 'Dev acc.', better: 'higher' },
    ({ last }) => last?.dev?.accuracy,
    percentText,
  ),
  figure({ key: 'bias', label: 'Bias', better: 'lower' }, ({ avoidableBias }) => avoidableBias, percentText),
  figure({ key: 'variance', label: 'Variance', better: 'lower' }, ({ variance }) => variance, percentText),
  figure(
    { key: 'training.loss', label: 'Training loss', better: 'lower' },
    ({ last }) => last?.training.loss,
    lossText,
  ),
  figure({ key: 'dev.loss', label: 'Dev loss', better: 'lower' }, ({ last }) => last?.dev?.loss, lossText),
  ...BESTS.flatMap(bestFields),
  figure({ key: 'stop.epoch', label: 'Early stop' }, ({ earlyStopEpoch }) => earlyStopEpoch, countText),
  figure(
    { key: 'test.accuracy', label: 'Test acc.', better: 'higher' },
    ({ test }) => test?.accuracy,
    percentText,
  ),
  figure({ key: 'epochs', label: 'Epochs', width: 80 }, ({ epochs }) => epochs, countText),
  figure({ key: 'parameters', label: 'Parameters' }, ({ parameters }) => parameters, countText),
  figure(
    { key: 'params.sample', label: 'Params/sample' },
    ({ paramsPerSample }) => paramsPerSample,
    ratioText,
  ),
  figure({ key: 'images', label: 'Images' }, ({ samples }) => samples?.training, countText),
  words({ key: 'shape', label: 'Shape' }, ({ inputShape }) =>
    inputShape === null ? null : shapeText(inputShape),
  ),
  figure({ key: 'duration', label: 'Took', better: 'lower' }, ({ timings }) => timings?.total, durationText),
  words({ key: 'backend.used', label: 'Computed on', width: 104 }, ({ backend }) => backend?.name),
  words({ key: 'created', label: 'Created', width: 140 }, ({ createdAt }) => momentText(createdAt)),
  {
    key: 'tag',
    label: 'Tags',
    kind: 'list',
    width: 140,
    value: ({ tags }) => tags,
    text: (value) => (Array.isArray(value) ? value.join(', ') : ''),
  },
  {
    key: 'starred',
    label: 'Starred',
    kind: 'boolean',
    width: 72,
    value: ({ starred }) => starred,
    text: (value) => (value === true ? 'yes' : value === false ? 'no' : ''),
  },
  words({ key: 'note', label: 'Note', width: 200 }, ({ note }) => note),
  words({ key: 'group', label: 'Launched as' }, ({ group }) => group),
  words({ key: 'id', label: 'Id' }, ({ id }) => id),
];

const OPTIONS: readonly RunField[] = optionKeys
  .filter((key) => key !== 'expId')
  .map((key): RunField => {
    const option = optionOf(key);
    const shared = { key, label: option.label, option: key, width: 112 };
    if (typeof option.default === 'number') {
      return {
        ...shared,
        kind: 'number',
        value: ({ config }) => Number(config[key]),
        text: (value) => (typeof value === 'number' ? String(Number(value.toPrecision(6))) : ''),
      };
    }
    if (typeof option.default === 'boolean') {
      return {
        ...shared,
        kind: 'boolean',
        value: ({ config }) => config[key] === true,
        text: (value) => (value === true ? 'yes' : value === false ? 'no' : ''),
      };
    }
    return {
      ...shared,
      kind: Array.isArray(option.default) ? 'list' : 'text',
      value: ({ config }) => {
        const value: unknown = config[key];
        return Array.isArray(value)
          ? option
              .print(value)
              .split(',')
              .filter((one) => one !== '')
          : option.print(value);
      },
      text: (value) => (Array.isArray(value) ? value.join(',') : typeof value === 'string' ? value : ''),
    };
  });

/** Everything that a run can be asked for, figures first, then every option. */
export const runFields: readonly RunField[] = [...FIGURES, ...OPTIONS];

const byKey = new Map(runFields.map((field) => [field.key.toLowerCase(), field]));
for (const field of OPTIONS) {
  if (field.option === undefined) continue;
  const { flag, aliases = [] } = optionOf(field.option);
  for (const name of [flag, ...aliases]) byKey.set(name, field);
}

// The epoch of the lowest dev loss is what a run's page calls its best.
const bestEpoch = byKey.get('best.dev.loss.epoch');
if (bestEpoch !== undefined) byKey.set('best.epoch', bestEpoch);

/** The field of a name: its key, or the name of its option on the command line, in any case. */
export function fieldOf(name: string): RunField | undefined {
  return byKey.get(name.toLowerCase());
}

/** Columns of a table that nobody has changed. */
export const DEFAULT_COLUMNS: readonly string[] = [
  'name',
  'status',
  'dataset',
  'training.accuracy',
  'dev.accuracy',
  'best.dev.accuracy',
  'bias',
  'variance',
  'dev.loss',
  'epochs',
  'params.sample',
  'duration',
  'tag',
  'created',
];

/** Order of two values of one field; what is absent or no number comes last, whichever way is sorted. */
export function compareValues(one: FieldValue, other: FieldValue, descending: boolean): number {
  const [oneIsNone, otherIsNone] = [isNone(one), isNone(other)];
  if (oneIsNone || otherIsNone) return Number(oneIsNone) - Number(otherIsNone);
  const order =
    typeof one === 'number' && typeof other === 'number'
      ? one - other
      : collator.compare(String(one), String(other));
  return descending ? -order : order;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function isNone(value: FieldValue): boolean {
  return value === undefined || value === '' || Number.isNaN(value);
}
