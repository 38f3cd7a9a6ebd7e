import { z } from 'zod';
import { UserError } from './errors.ts';

/** Where an option stands in the launch form and in the help. */
export type OptionGroup =
  'data' | 'preparation' | 'augmentation' | 'model' | 'training' | 'regularization' | 'watching';

/**
 * One option of a run: everything that the command line, the launch form, validation, sweeps and the
 * documentation need to know of it.
 */
export interface Option<Value> {
  /** Name on the command line, without the dashes. */
  readonly flag: string;
  /** Other names that mean the same. */
  readonly aliases?: readonly string[];
  readonly group: OptionGroup;
  readonly label: string;
  readonly help: string;
  /** What a value looks like, in words: `W,H`, `0 to 1`. */
  readonly format: string;
  readonly unit?: string;
  readonly choices?: readonly string[];
  /** May be given more than once; each time adds an element to the list. */
  readonly repeatable?: boolean;
  readonly default: Value;
  readonly schema: z.ZodType<Value>;
  /** The value that a text stands for, not yet checked by the schema; `undefined` where it stands for none. */
  readonly parse: (text: string) => unknown;
  /** The text that `parse` reads back to the same value. */
  readonly print: (value: Value) => string;
}

type Words = Pick<Option<unknown>, 'flag' | 'group' | 'label' | 'help'> & {
  readonly aliases?: readonly string[];
  readonly unit?: string;
};

interface Range {
  readonly min?: number;
  readonly max?: number;
  /** The minimum itself is not allowed. */
  readonly above?: number;
  /** The maximum itself is not allowed. */
  readonly below?: number;
}

function rangeWords(range: Range): string {
  const low =
    range.above !== undefined ? `above ${range.above}` : range.min !== undefined ? `from ${range.min}` : '';
  const high =
    range.below !== undefined ? `below ${range.below}` : range.max !== undefined ? `to ${range.max}` : '';
  if (low !== '' && high === '' && range.min !== undefined) return `${range.min} or more`;
  if (range.below !== undefined && low !== '') return `${low} and ${high}`;
  return [low, high].filter((word) => word !== '').join(' ');
}

function inRange(value: number, range: Range): boolean {
  return (
    value >= (range.min ?? -Infinity) &&
    value <= (range.max ?? Infinity) &&
    (range.above === undefined || value > range.above) &&
    (range.below === undefined || value < range.below)
  );
}

function toNumber(text: string): number | undefined {
  const trimmed = text.trim();
  const value = trimmed === '' ? NaN : Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

function number(words: Words, fallback: number, range: Range): Option<number> {
  const format = `a number ${rangeWords(range)}`.trim();
  return {
    ...words,
    format,
    default: fallback,
    schema: z.number(`takes ${format}`).refine((value) => inRange(value, range), `takes ${format}`),
    parse: toNumber,
    print: String,
  };
}

function integer(words: Words, fallback: number, range: Range): Option<number> {
  const format = `a whole number ${rangeWords(range)}`.trim();
  return {
    ...words,
    format,
    default: fallback,
    schema: z.int(`takes ${format}`).refine((value) => inRange(value, range), `takes ${format}`),
    parse: toNumber,
    print: String,
  };
}

function boolean(words: Words, fallback: boolean): Option<boolean> {
  return {
    ...words,
    format: 'true or false',
    choices: ['true', 'false'],
    default: fallback,
    schema: z.boolean('takes true or false'),
    parse: (text) => (text === 'true' || text === '' ? true : text === 'false' ? false : undefined),
    print: String,
  };
}

function choice<const Choices extends readonly [string, ...string[]]>(
  words: Words,
  choices: Choices,
  fallback: Choices[number],
): Option<Choices[number]> {
  const message = `takes one of ${choices.join(', ')}`;
  return {
    ...words,
    format: choices.join('|'),
    choices,
    default: fallback,
    schema: z.enum(choices, message),
    parse: (text) => choices.find((known) => known.toLowerCase() === text.toLowerCase()),
    print: String,
  };
}

function text(
  words: Words,
  format: string,
  fallback: string,
  allowed: RegExp,
  message: string,
): Option<string> {
  return {
    ...words,
    format,
    default: fallback,
    schema: z.string(message).regex(allowed, message),
    parse: (given) => given,
    print: String,
  };
}

/** `W,H` in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** Shares of the images, each from 0 to 1, 1 together. */
export interface Partitions {
  readonly training: number;
  readonly dev: number;
  readonly test: number;
}

/** So many units of a parameter, kept as pictures at every epoch. */
export interface TrackedLayer {
  /** `L<i>_<Layer>_<P>`, such as `L0_Dense_W`. */
  readonly parameter: string;
  readonly units: number;
}

/** The most pixels an image may be resized to on a side, units a layer may have, and hidden layers. */
const MAX_SIDE = 2048;
const MAX_UNITS = 100_000;
const MAX_HIDDEN_LAYERS = 1000;
/** The most units of a parameter that are kept as pictures. */
const MAX_TRACKED_UNITS = 1000;

const sizeMessage = `takes W,H: two whole numbers of pixels from 1 to ${MAX_SIDE}`;
const unitsMessage = `takes whole numbers of units from 1 to ${MAX_UNITS}, separated by commas, or nothing for no hidden layer`;
const partitionsMessage =
  'takes shares from 0 to 1 that sum to 1 with training above 0, such as training:0.7,dev:0.15,test:0.15 or 0.7,0.15,0.15';
const trackMessage = `takes PARAMETER,UNITS, a parameter's name and 1 to ${MAX_TRACKED_UNITS} of its units, such as L0_Dense_W,8`;

const PARTS = ['training', 'dev', 'test'] as const;

function parsePartitions(given: string): unknown {
  const shares = new Map<string, number>();
  for (const [index, item] of given.split(',').entries()) {
    const [name, share = '', ...rest] = item.includes(':') ? item.split(':') : [PARTS[index], item];
    const part = PARTS.find((known) => known === name?.trim());
    const value = toNumber(share);
    if (part === undefined || value === undefined || rest.length > 0 || shares.has(part)) return undefined;
    shares.set(part, value);
  }
  return Object.fromEntries(PARTS.map((part) => [part, shares.get(part) ?? 0]));
}

function sumOf({ training, dev, test }: Partitions): number {
  return training + dev + test;
}

/** Text of an index list: `all`, or indexes and ranges such as `0,4,10-19`. */
const INDEX_LIST = /^(all|\d+(-\d+)?(,\d+(-\d+)?)*)$/;
const filterMessage =
  'takes all, or indexes and ranges separated by commas, a range from its lower index to its higher, such as 0,4,10-19';

function hasRisingRanges(list: string): boolean {
  return list.split(',').every((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return !(last < first);
  });
}

/**
 * Every option of a run, once. The defaults are those of the study that the product redoes (a dense network on a
 * small image set), but where a comment says otherwise.
 */
export const options = {
  dataset: text(
    {
      flag: 'dataset',
      group: 'data',
      label: 'Data set',
      help: 'Name of a data set (a built-in one or a folder under the datasets path), or the path of a folder with one sub-folder a class.',
    },
    'NAME or FOLDER',
    'numbers',
    /\S/,
    'takes the name of a data set or the path of a folder',
  ),
  datasetsPath: text(
    {
      flag: 'datasets-path',
      group: 'data',
      label: 'Data sets folder',
      help: 'Folder in which data sets are looked up by name; empty: the data sets folder of the data folder.',
    },
    'FOLDER',
    '',
    /^/,
    'takes the path of a folder',
  ),
  filterDataset: {
    flag: 'filter-dataset',
    group: 'data',
    label: 'Images used',
    help: 'Which images of the set are used, by their place in its list counted from 0: all, or indexes and ranges.',
    format: 'all or 0,4,10-19',
    default: 'all',
    schema: z.string(filterMessage).regex(INDEX_LIST, filterMessage).refine(hasRisingRanges, filterMessage),
    parse: (given) => given,
    print: String,
  } satisfies Option<string> as Option<string>,
  partitions: {
    flag: 'partitions',
    group: 'data',
    label: 'Partitions',
    help: 'Shares of each class that go to the training, dev and test part.',
    format: 'training:T,dev:D,test:E',
    default: { training: 0.7, dev: 0.15, test: 0.15 },
    schema: z
      .object(
        { training: z.number().gt(0).lte(1), dev: z.number().gte(0).lte(1), test: z.number().gte(0).lte(1) },
        partitionsMessage,
      )
      .superRefine((shares, context) => {
        // Sums of decimal fractions are not exact: 0.7 + 0.2 + 0.1 is a little less than 1.
        if (Math.abs(sumOf(shares) - 1) < 1e-9) return;
        const sum = Number(sumOf(shares).toPrecision(6));
        context.addIssue({ code: 'custom', message: `${partitionsMessage}; these sum to ${sum}` });
      }),
    parse: parsePartitions,
    print: (shares) => `training:${shares.training},dev:${shares.dev},test:${shares.test}`,
  } satisfies Option<Partitions> as Option<Partitions>,
  trainingShare: number(
    {
      flag: 'training-share',
      group: 'data',
      label: 'Training share used',
      help: 'Share of the training images of each class that is trained on, the same ones in every larger share; dev and test stay as they are.',
    },
    1,
    { above: 0, max: 1 },
  ),
  datasetSeed: integer(
    {
      flag: 'dataset-seed',
      group: 'data',
      label: 'Data set seed',
      help: 'Seed of the partition, the order of images and their augmentation.',
    },
    0,
    { min: 0, max: 2 ** 31 - 1 },
  ),

  trim: boolean(
    {
      flag: 'trim',
      group: 'preparation',
      label: 'Trim',
      help: "Cut out what differs from the top-left pixel's colour, kept in the image's aspect ratio.",
    },
    false,
  ),
  resize: {
    flag: 'resize',
    group: 'preparation',
    label: 'Resize',
    help: 'Width and height in pixels that every image is stretched or shrunk to.',
    format: 'W,H',
    unit: 'pixels',
    default: { width: 110, height: 110 },
    schema: z.object(
      { width: z.int().min(1).max(MAX_SIDE), height: z.int().min(1).max(MAX_SIDE) },
      sizeMessage,
    ),
    parse: (given) => {
      const [width, height, ...rest] = given.split(',').map(toNumber);
      return rest.length === 0 && width !== undefined && height !== undefined ? { width, height } : undefined;
    },
    print: (size) => `${size.width},${size.height}`,
  } satisfies Option<ImageSize> as Option<ImageSize>,
  grayscale: boolean(
    {
      flag: 'grayscale',
      group: 'preparation',
      label: 'Grayscale',
      help: 'One channel of luminance instead of three of colour.',
    },
    false,
  ),
  minmaxNormalize: boolean(
    {
      flag: 'minmax-normalize',
      group: 'preparation',
      label: 'Min-max normalize',
      help: 'Stretch each channel so that its minimum is 0 and its maximum 1; a flat channel stays as it is.',
    },
    false,
  ),
  adaptiveInvert: boolean(
    {
      flag: 'adaptive-invert',
      group: 'preparation',
      label: 'Adaptive invert',
      help: "Take the negative of images whose top-left pixel's intensity is in the lower half.",
    },
    false,
  ),

  nbrClones: integer(
    {
      flag: 'nbr-clones',
      group: 'augmentation',
      label: 'Clones',
      help: 'Copies of each training image, augmented anew at every epoch.',
    },
    1,
    { min: 1, max: 10_000 },
  ),
  rotAngle: number(
    {
      flag: 'rot-angle',
      group: 'augmentation',
      label: 'Rotation',
      help: 'Training images are turned by an angle drawn between minus and plus this.',
      unit: 'degrees',
    },
    0,
    { min: 0, max: 180 },
  ),
  noiseIntensity: number(
    {
      flag: 'noise-intensity',
      group: 'augmentation',
      label: 'Noise',
      help: 'Standard deviation of the Gaussian noise added to training images, of a pixel range of 0 to 1.',
    },
    0,
    { min: 0, max: 1 },
  ),

  model: choice(
    {
      flag: 'model',
      group: 'model',
      label: 'Model',
      help: 'OneLayer: one dense layer with softmax. NLayers: hidden layers with batch normalization before it.',
    },
    ['OneLayer', 'NLayers'],
    'NLayers',
  ),
  layers: {
    flag: 'layers',
    group: 'model',
    label: 'Hidden layers',
    help: 'Units of each hidden layer of NLayers; nothing for none.',
    format: 'UNITS,UNITS,…',
    unit: 'units',
    default: [100],
    schema: z
      .array(z.int(unitsMessage).min(1, unitsMessage).max(MAX_UNITS, unitsMessage), unitsMessage)
      .max(MAX_HIDDEN_LAYERS, `takes at most ${MAX_HIDDEN_LAYERS} hidden layers`),
    parse: (given) => {
      if (given.trim() === '') return [];
      const units = given.split(',').map(toNumber);
      return units.includes(undefined) ? undefined : units;
    },
    print: (units) => units.join(','),
  } satisfies Option<readonly number[]> as Option<readonly number[]>,
  activation: choice(
    {
      flag: 'activation',
      group: 'model',
      label: 'Activation',
      help: 'Activation of the hidden layers; leaky-relu has slope 0.01 below 0.',
    },
    ['leaky-relu', 'relu', 'tanh', 'sigmoid'],
    'leaky-relu',
  ),
  batchNorm: boolean(
    {
      flag: 'batch-norm',
      group: 'model',
      label: 'Batch normalization',
      help: 'Normalize after every dense layer of NLayers; without it the dense layers have a bias.',
    },
    true,
  ),
  batchNormEval: choice(
    {
      flag: 'batch-norm-eval',
      group: 'model',
      label: 'Statistics at evaluation',
      help: 'moving: running mean and variance; batch: those of the evaluated batch itself.',
    },
    ['moving', 'batch'],
    'moving',
  ),
  modelSeed: integer(
    {
      flag: 'model-seed',
      group: 'model',
      label: 'Model seed',
      help: 'Seed of the initial weights and the dropout masks.',
    },
    0,
    { min: 0, max: 2 ** 31 - 1 },
  ),

  optimizer: choice(
    {
      flag: 'optimizer',
      group: 'training',
      label: 'Optimizer',
      help: 'Adam; Constant: plain gradient descent; ExponentialDecay: gradient descent with a learning rate that decays.',
    },
    ['Adam', 'Constant', 'ExponentialDecay'],
    'Adam',
  ),
  learningRate: number(
    { flag: 'learning-rate', group: 'training', label: 'Learning rate', help: 'Size of a step.' },
    0.001,
    {
      above: 0,
      max: 100,
    },
  ),
  decay: number(
    {
      flag: 'decay',
      group: 'training',
      label: 'Decay',
      help: 'Rate by which ExponentialDecay lowers the learning rate: learning rate × exp(-decay × epoch).',
    },
    0.9,
    { min: 0, max: 100 },
  ),
  nbrEpochs: integer(
    {
      flag: 'nbr-epochs',
      group: 'training',
      label: 'Epochs',
      help: 'Times that the training images are gone through.',
    },
    100,
    {
      min: 1,
      max: 1_000_000,
    },
  ),
  maxMinibatchSize: integer(
    {
      flag: 'max-minibatch-size',
      group: 'training',
      label: 'Minibatch size',
      help: 'The most images of one step.',
      unit: 'images',
    },
    5000,
    { min: 1, max: 100_000_000 },
  ),
  evalDev: boolean(
    {
      flag: 'eval-dev',
      group: 'training',
      label: 'Evaluate dev',
      help: 'Evaluate the dev part after every epoch.',
    },
    true,
  ),
  backend: choice(
    {
      flag: 'backend',
      group: 'training',
      label: 'Backend',
      help: 'What computes: auto takes the fastest that is there; a named one that is absent is an error.',
    },
    ['auto', 'cuda', 'webgpu', 'native', 'wasm', 'cpu'],
    'auto',
  ),

  dropoutRate: number(
    {
      flag: 'dropout-rate',
      aliases: ['dropout'],
      group: 'regularization',
      label: 'Dropout',
      help: 'Share of the units that each step leaves out.',
    },
    0,
    { min: 0, below: 1 },
  ),
  weightDecay: number(
    {
      flag: 'weight-decay',
      group: 'regularization',
      label: 'Weight decay',
      help: 'Weight of the L2 term: 0.5 × weight decay × sum of squared parameters.',
    },
    0,
    { min: 0, max: 100 },
  ),
  earlyStopping: choice(
    {
      flag: 'early-stopping',
      group: 'regularization',
      label: 'Early stopping',
      help: 'mark: only tell the epoch at which it would have stopped; stop: end there and keep the best weights.',
    },
    ['mark', 'stop'],
    'mark',
  ),
  earlyStoppingPatience: integer(
    {
      flag: 'early-stopping-patience',
      group: 'regularization',
      label: 'Patience',
      help: 'Epochs without a lower dev loss before early stopping.',
      unit: 'epochs',
    },
    10,
    { min: 1, max: 1_000_000 },
  ),

  gradientChecks: choice(
    {
      flag: 'gradient-checks',
      group: 'watching',
      label: 'Gradient checks',
      help: 'Hold the gradients against central differences every 25 epochs: say so, or fail.',
    },
    ['off', 'warning', 'exception'],
    'off',
  ),
  instabilityChecks: choice(
    {
      flag: 'instability-checks',
      group: 'watching',
      label: 'Instability checks',
      help: 'Look for NaN and infinite losses, gradients and parameters: say so, or fail.',
    },
    ['off', 'warning', 'exception'],
    'warning',
  ),
  displaySamples: integer(
    {
      flag: 'display-samples',
      group: 'watching',
      label: 'Sample images',
      help: 'Images of each minibatch that are kept as the network sees them.',
      unit: 'images',
    },
    0,
    { min: 0, max: 1000 },
  ),
  trackLayer: {
    flag: 'track-layer',
    group: 'watching',
    label: 'Tracked units',
    help: 'Keep so many units of a parameter as pictures at every epoch.',
    format: 'PARAMETER,UNITS',
    repeatable: true,
    default: [],
    schema: z.array(
      z.object(
        {
          parameter: z.string(trackMessage).regex(/^\S+$/, trackMessage),
          units: z.int(trackMessage).min(1, trackMessage).max(MAX_TRACKED_UNITS, trackMessage),
        },
        trackMessage,
      ),
    ),
    parse: (given) => {
      const [parameter, units, ...rest] = given.split(',');
      return [{ parameter: parameter?.trim(), units: rest.length === 0 ? toNumber(units ?? '') : undefined }];
    },
    print: (tracked) => tracked.map((one) => `${one.parameter},${one.units}`).join(' '),
  } satisfies Option<readonly TrackedLayer[]> as Option<readonly TrackedLayer[]>,
  expId: text(
    {
      flag: 'exp-id',
      group: 'watching',
      label: 'Name',
      help: 'Name of the run; a name that one command gives twice gets _0, _1 and so on.',
    },
    'NAME',
    'main',
    /^[^\p{Cc}]{1,200}$/u,
    'takes a name of 1 to 200 characters',
  ),
};

/** Options of a launch that belong to no single run. */
export const launchOptions = {
  trainingTimes: integer(
    {
      flag: 'training-times',
      group: 'training',
      label: 'Times',
      help: 'Runs that differ in their model seed alone: the one given, the next, and so on.',
      unit: 'runs',
    },
    1,
    { min: 1, max: 1000 },
  ),
};

/**
 * Options that name one of several implementations in the study's own program. There is one here, so they change
 * nothing; they are known so that its command lines run as they are.
 */
export const implementationNames: Readonly<Record<string, readonly string[]>> = {
  'data-loader': [
    'NumoImageMagick',
    'NumoVips',
    'TorchImageMagick',
    'TorchVips',
    'TorchImages',
    'ImageMagickNumo',
    'VipsNumo',
    'ClassifiedImages',
    'ClassifiedImagesTorch',
  ],
  accuracy: ['ClassesNumo', 'ClassesTorch'],
  loss: ['CrossEntropy', 'CrossEntropyTorch'],
};

/** Key of an option in a configuration, such as `learningRate`. */
export type OptionKey = keyof typeof options;

/** All option keys, in the order of the table. */
export const optionKeys = Object.keys(options) as readonly OptionKey[];

/** The whole configuration of one run: a value for every option. */
export type RunConfig = { readonly [Key in OptionKey]: (typeof options)[Key]['default'] };

/** Checks a whole configuration; absent options take their defaults, unknown ones are refused. */
export const RunConfig = z.strictObject(
  Object.fromEntries(
    optionKeys.map((key) => [key, optionOf(key).schema.default(optionOf(key).default as never)]),
  ),
) as unknown as z.ZodType<RunConfig>;

/** Whether the text of `dataset` is the path of a folder; else it is a name that is looked up. */
export function isFolderPath(dataset: string): boolean {
  return /[/\\]/.test(dataset) || dataset === '.' || dataset === '..';
}

/** The option behind a key, without its value's own type. */
export function optionOf(key: OptionKey): Option<unknown> {
  return options[key] as Option<unknown>;
}

/** A configuration with nothing but defaults. */
export function defaultConfig(): RunConfig {
  return Object.fromEntries(optionKeys.map((key) => [key, options[key].default])) as unknown as RunConfig;
}

/**
 * The value that a text gives to an option.
 * @throws UserError that says what the option takes.
 */
export function parseOption(option: Option<unknown>, text: string): unknown {
  const parsed = option.parse(text);
  const checked = parsed === undefined ? undefined : option.schema.safeParse(parsed);
  if (checked?.success) return checked.data;
  const sentence = checked?.error.issues[0]?.message;
  const takes = sentence?.startsWith('takes') ? sentence : expectation(option);
  throw new UserError(`--${option.flag}=${text} is not possible: it ${takes}.`);
}

function expectation(option: Option<unknown>): string {
  const probe = option.schema.safeParse(undefined);
  const message = probe.success ? undefined : probe.error.issues[0]?.message;
  return message?.startsWith('takes') ? message : `takes ${option.format}`;
}

/** The arguments that give this configuration on the command line: only what differs from the defaults. */
export function commandLine(config: RunConfig): string[] {
  return optionKeys.flatMap((key) => {
    const option = optionOf(key);
    const value: unknown = config[key];
    if (option.print(value) === option.print(option.default)) return [];
    if (option.repeatable && Array.isArray(value))
      return value.map((one: unknown) => `--${option.flag}=${option.print([one])}`);
    return [`--${option.flag}=${option.print(value)}`];
  });
}

/** An option that two configurations give different values. */
export interface ConfigDifference {
  readonly key: OptionKey;
  readonly label: string;
  /** The printed values, one a configuration, in the order given. */
  readonly values: readonly string[];
}

/** Where configurations differ, in the order of the table; names (`expId`) are not compared. */
export function configDifferences(configs: readonly RunConfig[]): ConfigDifference[] {
  return optionKeys.flatMap((key) => {
    if (key === 'expId') return [];
    const option = optionOf(key);
    const values = configs.map((config) => option.print(config[key]));
    return new Set(values).size > 1 ? [{ key, label: option.label, values }] : [];
  });
}

/**
 * Sentences about options that cannot hold together, each naming both.
 * @param given the options that were set by hand; a default never contradicts.
 */
export function contradictions(config: RunConfig, given: ReadonlySet<OptionKey>): string[] {
  const found: string[] = [];
  if (config.earlyStopping === 'stop' && !config.evalDev) {
    found.push('--early-stopping=stop needs the dev loss, but --eval-dev=false leaves it out.');
  }
  if (config.earlyStopping === 'stop' && config.partitions.dev === 0) {
    found.push('--early-stopping=stop needs a dev part, but --partitions gives dev a share of 0.');
  }
  if (config.model === 'OneLayer') {
    for (const key of ['layers', 'activation', 'batchNorm', 'batchNormEval', 'dropoutRate'] as const) {
      const option = optionOf(key);
      if (!given.has(key) || option.print(config[key]) === option.print(option.default)) continue;
      found.push(
        `--model=OneLayer has nothing that --${option.flag}=${option.print(config[key])} could change; take --model=NLayers, or leave it out.`,
      );
    }
  }
  if (config.model === 'NLayers' && !config.batchNorm && given.has('batchNormEval')) {
    found.push(
      `--batch-norm=false leaves no batch statistics for --batch-norm-eval=${config.batchNormEval}; leave one of the two out.`,
    );
  }
  if (config.model === 'NLayers' && config.layers.length === 0 && given.has('activation')) {
    found.push(
      `--layers= leaves no hidden layer for --activation=${config.activation}; leave one of the two out.`,
    );
  }
  return found;
}
