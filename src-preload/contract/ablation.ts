import { type OptionKey, type RunConfig, configDifferences, defaultConfig, optionOf } from './config.ts';
import { experimentOptions } from './experiment.ts';

/** What can be left out of a run, each by itself: steps of the preparation, augmentation and regularization. */
const PIECES: readonly OptionKey[] = [
  'trim',
  'grayscale',
  'minmaxNormalize',
  'adaptiveInvert',
  'rotAngle',
  'noiseIntensity',
  'nbrClones',
  'dropoutRate',
  'weightDecay',
];

/** A configuration with one piece left out; the first has everything. */
export interface Ablated {
  /** `K`, `K without trim`. */
  readonly name: string;
  readonly left: OptionKey | null;
  readonly config: RunConfig;
}

/**
 * A configuration whole, and once without each piece that is on in it (at its default is off).
 * @param name of the run that it is taken from.
 */
export function ablations(config: RunConfig, name: string): Ablated[] {
  const defaults = defaultConfig();
  const whole = { name, left: null, config };
  return [
    whole,
    ...PIECES.flatMap((key): Ablated[] => {
      const option = optionOf(key);
      if (option.print(config[key]) === option.print(defaults[key])) return [];
      return [
        {
          name: `${name} without ${option.label.toLowerCase()}`.slice(0, 200),
          left: key,
          config: { ...config, [key]: defaults[key] },
        },
      ];
    }),
  ];
}

/** The runs of an ablation: every configuration with so many seeds, the same for each, so that they pair. */
export function ablationRuns(config: RunConfig, name: string, seeds: number): RunConfig[] {
  return ablations(config, name).flatMap((one) =>
    Array.from({ length: seeds }, (_, seed) => ({
      ...one.config,
      expId: one.name,
      modelSeed: one.config.modelSeed + seed,
    })),
  );
}

/** The one piece that another configuration leaves out of a whole; null where it differs in anything else. */
export function pieceLeftOut(whole: RunConfig, other: RunConfig): OptionKey | null {
  const [difference, ...more] = configDifferences([whole, other]).filter(({ key }) =>
    experimentOptions.includes(key),
  );
  if (difference === undefined || more.length > 0 || !PIECES.includes(difference.key)) return null;
  const option = optionOf(difference.key);
  return option.print(other[difference.key]) === option.print(option.default) ? difference.key : null;
}
