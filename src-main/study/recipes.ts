import type { Claim } from './claims.ts';

/** Figures that the study gives of an experiment, as its table or text has them; null where it gives none. */
export interface ReferenceFigures {
  readonly trainingCost: number | null;
  /** 0..1 */
  readonly training: number | null;
  readonly devCost: number | null;
  /** 0..1 */
  readonly dev: number | null;
}

export interface RecipeExperiment {
  readonly id: string;
  readonly label: string;
  /** As the study gives them. */
  readonly options: string;
  readonly reference: ReferenceFigures | null;
}

/** One experiment or comparison of the study. */
export interface Recipe {
  readonly id: string;
  readonly title: string;
  readonly section: 'Observations' | 'Data preparation' | 'Augmentation' | 'Model' | 'Regularization';
  readonly experiments: readonly RecipeExperiment[];
  /** What the study finds, in few words of our own. */
  readonly finding: string;
  readonly claims: readonly Claim[];
  /** Where the option strings of the study and its text do not agree. */
  readonly disagreement?: string;
}

const SET =
  '--dataset=numbers --data-loader=NumoImageMagick --accuracy=ClassesNumo --model=NLayers --optimizer=Adam';
const CHECKED = `${SET} --gradient-checks=off --nbr-epochs=100`;
const TABLE = `${CHECKED} --max-minibatch-size=50000`;

function figures(
  trainingCost: number | null,
  training: number | null,
  devCost: number | null,
  dev: number | null,
): ReferenceFigures {
  return { trainingCost, training, devCost, dev };
}

/** The experiments of a table: id, label, the options that are their own, and the row of the table. */
function table(
  shared: string,
  rows: readonly (readonly [id: string, label: string, own: string, reference: ReferenceFigures])[],
): RecipeExperiment[] {
  return rows.map(([id, label, own, reference]) => ({
    id,
    label,
    options: `${own} ${shared}`.trim(),
    reference,
  }));
}

function rises(figure: Claim['figure'], from: string, to: string, by = 0): Claim {
  return { kind: 'difference', figure, from, to, direction: 'rises', by };
}

function falls(figure: Claim['figure'], from: string, to: string, by = 0): Claim {
  return { kind: 'difference', figure, from, to, direction: 'falls', by };
}

const A: RecipeExperiment = {
  id: 'A',
  label: 'No hidden layer',
  options: `${SET} --layers=`,
  reference: figures(null, 0.33, null, 0.15),
};
const C: RecipeExperiment = {
  id: 'C',
  label: '100 units',
  options: SET,
  reference: figures(null, 0.73, null, 0.31),
};

/** Everything that the study reports, in its own order. */
export const RECIPES: readonly Recipe[] = [
  {
    id: 'A',
    title: 'Batch normalization without a hidden layer',
    section: 'Observations',
    experiments: [A],
    finding: 'It learns some of the training images and hardly anything of the dev images.',
    claims: [
      { kind: 'limit', figure: 'dev', of: 'A', side: 'below', limit: 0.25 },
      { kind: 'limit', figure: 'variance', of: 'A', side: 'above', limit: 0.1 },
    ],
    disagreement: 'The option string has the default of one hidden layer; the text says none (`--layers=`).',
  },
  {
    id: 'B',
    title: 'Minibatches',
    section: 'Observations',
    experiments: [
      A,
      {
        id: 'B',
        label: 'Minibatches of 100',
        options: `${SET} --layers= --max-minibatch-size=100`,
        reference: figures(null, 0.85, null, 0.32),
      },
    ],
    finding: 'With minibatches both accuracies are much higher, and the variance stays high.',
    claims: [
      rises('training', 'A', 'B', 0.2),
      rises('dev', 'A', 'B', 0.05),
      { kind: 'limit', figure: 'variance', of: 'B', side: 'above', limit: 0.3 },
    ],
  },
  {
    id: 'C',
    title: 'One hidden layer of 100 units',
    section: 'Observations',
    experiments: [A, C],
    finding: 'Both accuracies are much higher than without it, and the variance stays high.',
    claims: [
      rises('training', 'A', 'C', 0.2),
      rises('dev', 'A', 'C', 0.05),
      { kind: 'limit', figure: 'variance', of: 'C', side: 'above', limit: 0.2 },
    ],
  },
  {
    id: 'D',
    title: 'Without batch normalization',
    section: 'Observations',
    experiments: [
      C,
      { id: 'D', label: 'No batch normalization', options: `${SET} --batch-norm=false`, reference: null },
    ],
    finding: 'Accuracy rises much more slowly.',
    claims: [falls('training', 'C', 'D', 0.1)],
    disagreement: 'The study gives no option for it; here it is `--batch-norm=false`.',
  },
  {
    id: 'E',
    title: 'Ten layers of ten units',
    section: 'Observations',
    experiments: [
      C,
      {
        id: 'E',
        label: '10 × 10 units',
        options: `${SET} --layers=10,10,10,10,10,10,10,10,10,10`,
        reference: figures(null, 0.35, null, 0.06),
      },
    ],
    finding: 'Both accuracies are far below those of one layer of 100 units.',
    claims: [falls('training', 'C', 'E', 0.1), falls('dev', 'C', 'E')],
  },
  {
    id: 'F',
    title: 'Three layers of 400, 200 and 100 units',
    section: 'Observations',
    experiments: [
      C,
      {
        id: 'F',
        label: '400, 200, 100 units',
        options: `${SET} --layers=400,200,100`,
        reference: figures(null, 1, null, 0.15),
      },
    ],
    finding: 'It learns the training images by heart, and fewer of the dev images than C.',
    claims: [
      { kind: 'limit', figure: 'training', of: 'F', side: 'above', limit: 0.98 },
      { kind: 'limit', figure: 'variance', of: 'F', side: 'above', limit: 0.6 },
      falls('dev', 'C', 'F'),
    ],
  },
  {
    id: 'G',
    title: 'tanh',
    section: 'Observations',
    experiments: [
      C,
      {
        id: 'G',
        label: 'tanh',
        options: `${SET} --activation=tanh`,
        reference: figures(null, 0.47, null, 0.15),
      },
    ],
    finding: 'Both accuracies are lower than with leaky ReLU.',
    claims: [falls('training', 'C', 'G', 0.05), falls('dev', 'C', 'G')],
    disagreement: 'The study gives no option for it; here it is `--activation=tanh`.',
  },
  {
    id: 'H',
    title: 'sigmoid',
    section: 'Observations',
    experiments: [
      {
        id: 'G',
        label: 'tanh',
        options: `${SET} --activation=tanh`,
        reference: figures(null, 0.47, null, 0.15),
      },
      { id: 'H', label: 'sigmoid', options: `${SET} --activation=sigmoid`, reference: null },
    ],
    finding: 'Much the same as with tanh.',
    claims: [
      { kind: 'alike', figure: 'training', from: 'G', to: 'H', by: 0.1 },
      { kind: 'alike', figure: 'dev', from: 'G', to: 'H', by: 0.1 },
    ],
    disagreement: 'The study gives no option for it; here it is `--activation=sigmoid`.',
  },
  {
    id: 'I',
    title: 'ReLU',
    section: 'Observations',
    experiments: [C, { id: 'I', label: 'ReLU', options: `${SET} --activation=relu`, reference: null }],
    finding: 'Much the same as with leaky ReLU.',
    claims: [
      { kind: 'alike', figure: 'training', from: 'C', to: 'I', by: 0.1 },
      { kind: 'alike', figure: 'dev', from: 'C', to: 'I', by: 0.1 },
    ],
    disagreement: 'The study gives no option for it; here it is `--activation=relu`.',
  },
  {
    id: 'tracked',
    title: 'Which layers change',
    section: 'Observations',
    experiments: [
      {
        id: 'tracked',
        label: 'C, ten units of each layer followed',
        options: `${SET} --track-layer=L0_Dense_W,10 --track-layer=L4_Dense_W,10`,
        reference: null,
      },
    ],
    finding: 'Only the first layer changes much; the other stays near its start.',
    claims: [{ kind: 'limit', figure: 'firstLayerMoves', of: 'tracked', side: 'above', limit: 3 }],
  },
  {
    id: 'grayscale',
    title: 'Grayscale',
    section: 'Data preparation',
    experiments: table(`${TABLE} --layers=10 --display-samples=4`, [
      ['color', 'Colour', '--resize=32,32', figures(1.64, 0.46, 2.39, 0.17)],
      ['gray', 'Grayscale', '--grayscale=true --resize=32,32', figures(1.83, 0.38, 2.21, 0.26)],
    ]),
    finding: 'The variance is smaller.',
    claims: [falls('variance', 'color', 'gray', 0.05)],
  },
  {
    id: 'minmax',
    title: 'Min-max normalization',
    section: 'Data preparation',
    experiments: table(`${TABLE} --layers=10 --display-samples=4`, [
      ['no_norm', 'Off', '--resize=32,32', figures(1.64, 0.46, 2.39, 0.17)],
      ['minmax_norm', 'On', '--minmax-normalize=true --resize=32,32', figures(1.15, 0.75, 2.19, 0.3)],
    ]),
    finding: 'It learns faster, and both accuracies are higher.',
    claims: [rises('training', 'no_norm', 'minmax_norm', 0.1), rises('dev', 'no_norm', 'minmax_norm')],
  },
  {
    id: 'invert',
    title: 'Adaptive invert',
    section: 'Data preparation',
    experiments: table(
      `--minmax-normalize=true --grayscale=true --resize=32,32 ${TABLE} --layers=10 --display-samples=4`,
      [
        ['no_invert', 'Off', '', figures(1.25, 0.7, 1.87, 0.44)],
        ['invert', 'On', '--adaptive-invert=true', figures(0.99, 0.82, 1.53, 0.56)],
      ],
    ),
    finding: 'Both accuracies are higher, the variance stays.',
    claims: [
      rises('training', 'no_invert', 'invert', 0.05),
      rises('dev', 'no_invert', 'invert', 0.05),
      { kind: 'alike', figure: 'variance', from: 'no_invert', to: 'invert', by: 0.1 },
    ],
  },
  {
    id: 'trim',
    title: 'Trimming',
    section: 'Data preparation',
    experiments: table(`${TABLE} --layers=10 --display-samples=4`, [
      ['no_trim', 'Off', '--resize=32,32', figures(1.64, 0.46, 2.39, 0.17)],
      ['trim', 'On', '--trim=true --resize=32,32', figures(0.88, 0.87, 1.68, 0.52)],
    ]),
    finding: 'It learns much faster, and the variance stays.',
    claims: [
      rises('training', 'no_trim', 'trim', 0.2),
      rises('dev', 'no_trim', 'trim', 0.1),
      { kind: 'limit', figure: 'variance', of: 'trim', side: 'above', limit: 0.15 },
    ],
  },
  {
    id: 'size',
    title: 'Size of the images',
    section: 'Data preparation',
    experiments: table(`${TABLE} --layers=32`, [
      ['size_8', '8', '--resize=8,8', figures(1.91, 0.33, 2.35, 0.18)],
      ['size_16', '16', '--resize=16,16', figures(1.35, 0.63, 2.29, 0.22)],
      ['size_32', '32', '--resize=32,32', figures(1.01, 0.8, 2.23, 0.27)],
      ['size_110', '110', '--resize=110,110', figures(1.62, 0.48, 2.37, 0.17)],
    ]),
    finding: 'Training accuracy and variance rise up to 32 pixels; 110 learn less than 32.',
    claims: [
      {
        kind: 'trend',
        figure: 'training',
        along: ['size_8', 'size_16', 'size_32'],
        direction: 'rises',
        slack: 0,
      },
      {
        kind: 'trend',
        figure: 'variance',
        along: ['size_8', 'size_16', 'size_32'],
        direction: 'rises',
        slack: 0,
      },
      falls('training', 'size_32', 'size_110', 0.1),
    ],
  },
  {
    id: 'noise',
    title: 'Gaussian noise',
    section: 'Augmentation',
    experiments: table(`--display-samples=4 ${TABLE} --layers=16`, [
      ['noise_0', '0 %', '--noise-intensity=0', figures(1.93, 0.34, 2.37, 0.15)],
      ['noise_01', '1 %', '--noise-intensity=0.01', figures(1.77, 0.41, 2.34, 0.11)],
      ['noise_1', '10 %', '--noise-intensity=0.1', figures(1.7, 0.48, 2.37, 0.19)],
      ['noise_5', '50 %', '--noise-intensity=0.5', figures(1.6, 0.49, 2.33, 0.17)],
      ['noise_9', '90 %', '--noise-intensity=0.9', figures(1.89, 0.32, 2.28, 0.17)],
    ]),
    finding: 'Between 10 and 50 % the training accuracy is best; with more it falls again.',
    claims: [
      rises('training', 'noise_0', 'noise_1', 0.05),
      rises('training', 'noise_0', 'noise_5', 0.05),
      falls('training', 'noise_5', 'noise_9', 0.05),
    ],
  },
  {
    id: 'rotation',
    title: 'Rotation',
    section: 'Augmentation',
    experiments: table(`--display-samples=4 ${TABLE} --layers=16`, [
      ['rot_0', '0°', '--rot-angle=0', figures(1.93, 0.3356, 2.37, 0.1515)],
      ['rot_5', '5°', '--rot-angle=5', figures(1.86, 0.3642, 2.31, 0.1439)],
      ['rot_30', '30°', '--rot-angle=30', figures(2.19, 0.1956, 2.42, 0.1439)],
      ['rot_90', '90°', '--rot-angle=90', figures(2.27, 0.1973, 2.56, 0.0682)],
      ['rot_180', '180°', '--rot-angle=180', figures(2.24, 0.1585, 2.35, 0.0833)],
    ]),
    finding: 'Small angles learn as well, large ones much less.',
    claims: [
      { kind: 'alike', figure: 'training', from: 'rot_0', to: 'rot_5', by: 0.1 },
      falls('training', 'rot_0', 'rot_30', 0.05),
      falls('training', 'rot_0', 'rot_180', 0.05),
    ],
  },
  {
    id: 'clones',
    title: 'Augmented samples',
    section: 'Augmentation',
    experiments: table(
      `--resize=24,24 --rot-angle=20 --noise-intensity=0.1 ${CHECKED} --max-minibatch-size=100000 --layers=16`,
      [
        ['nbr_1', '1', '--nbr-clones=1', figures(1.91, 0.3238, 2.37, 0.1591)],
        ['nbr_2', '2', '--nbr-clones=2', figures(1.89, 0.3432, 2.25, 0.2273)],
        ['nbr_10', '10', '--nbr-clones=10', figures(1.83, 0.3639, 2.2, 0.2197)],
        ['nbr_100', '100', '--nbr-clones=100', figures(1.84, 0.3568, 2.24, 0.2273)],
      ],
    ),
    finding: 'More clones raise the dev accuracy; from ten on no more is gained.',
    claims: [
      rises('dev', 'nbr_1', 'nbr_10'),
      { kind: 'alike', figure: 'dev', from: 'nbr_10', to: 'nbr_100', by: 0.05 },
    ],
  },
  {
    id: 'units',
    title: 'Units of one layer',
    section: 'Model',
    experiments: table(TABLE, [
      ['5_units', '5', '--layers=5', figures(2.27, 0.17, 2.44, 0.15)],
      ['10_units', '10', '--layers=10', figures(2.1, 0.25, 2.55, 0.09)],
      ['50_units', '50', '--layers=50', figures(1.53, 0.54, 2.36, 0.17)],
      ['100_units', '100', '--layers=100', figures(1.1, 0.77, 2.27, 0.23)],
    ]),
    finding: 'More units raise both accuracies, and the variance.',
    claims: [
      {
        kind: 'trend',
        figure: 'training',
        along: ['5_units', '10_units', '50_units', '100_units'],
        direction: 'rises',
        slack: 0,
      },
      rises('dev', '10_units', '100_units'),
      {
        kind: 'trend',
        figure: 'variance',
        along: ['5_units', '10_units', '50_units', '100_units'],
        direction: 'rises',
        slack: 0,
      },
    ],
    disagreement:
      'The table gives 5 units a params/samples ratio of 181; its parameters over 593 images are 306.',
  },
  {
    id: 'layers',
    title: 'Hidden layers',
    section: 'Model',
    experiments: table(`--resize=16,16 ${TABLE}`, [
      ['0_layers', '0', '--layers=', figures(1.95, 0.33, 2.32, 0.2)],
      ['1_layers', '1', '--layers=10', figures(1.83, 0.36, 2.31, 0.19)],
      ['2_layers', '2', '--layers=10,10', figures(1.83, 0.37, 2.28, 0.17)],
      ['5_layers', '5', '--layers=10,10,10,10,10', figures(1.87, 0.34, 2.55, 0.12)],
    ]),
    finding: 'More than one layer gains nothing: the dev accuracy falls.',
    claims: [
      { kind: 'alike', figure: 'training', from: '1_layers', to: '5_layers', by: 0.1 },
      falls('dev', '1_layers', '5_layers'),
    ],
  },
  {
    id: 'minibatch',
    title: 'Minibatch size',
    section: 'Model',
    experiments: table(`${CHECKED} --layers=16`, [
      ['size_50', '50', '--max-minibatch-size=50', figures(0.86, 0.78, 2.41, 0.25)],
      ['size_100', '100', '--max-minibatch-size=100', figures(0.83, 0.84, 2.36, 0.28)],
      ['size_300', '300', '--max-minibatch-size=300', figures(1.38, 0.64, 2.36, 0.18)],
      ['size_1000', '1000', '--max-minibatch-size=1000', figures(1.92, 0.34, 2.4, 0.14)],
    ]),
    finding: 'Small minibatches learn faster, with more variance.',
    claims: [
      {
        kind: 'trend',
        figure: 'training',
        along: ['size_100', 'size_300', 'size_1000'],
        direction: 'falls',
        slack: 0,
      },
      falls('variance', 'size_100', 'size_1000', 0.1),
    ],
  },
  {
    id: 'model-seed',
    title: 'Seeds of the model',
    section: 'Model',
    experiments: table(`${TABLE} --layers=16`, [
      ['main_0', 'Seed 0', '--model-seed=0', figures(1.93, 0.34, 2.37, 0.15)],
      ['main_1', 'Seed 1', '--model-seed=1', figures(1.77, 0.39, 2.32, 0.17)],
      ['main_2', 'Seed 2', '--model-seed=2', figures(1.94, 0.31, 2.37, 0.14)],
      ['main_3', 'Seed 3', '--model-seed=3', figures(1.92, 0.34, 2.4, 0.14)],
    ]),
    finding: 'The first weights alone make a difference of several points.',
    claims: [{ kind: 'spread', figure: 'training', atLeast: 0.03 }],
    disagreement: 'The option string says `--training-times=4`; each of its runs is an experiment here.',
  },
  {
    id: 'dataset-seed',
    title: 'Seeds of the data set',
    section: 'Model',
    experiments: table(`${TABLE} --layers=16`, [
      ['exp_1', 'Seed 0', '--dataset-seed=0', figures(1.93, 0.34, 2.37, 0.15)],
      ['exp_2', 'Seed 10', '--dataset-seed=10', figures(1.87, 0.35, 2.3, 0.14)],
      ['exp_3', 'Seed 20', '--dataset-seed=20', figures(2.05, 0.25, 2.4, 0.12)],
      ['exp_4', 'Seed 30', '--dataset-seed=30', figures(1.58, 0.52, 2.49, 0.15)],
    ]),
    finding: 'Which images are trained on makes a difference of many points.',
    claims: [{ kind: 'spread', figure: 'training', atLeast: 0.1 }],
  },
  {
    id: 'learning-rate',
    title: 'Learning rate of Adam',
    section: 'Model',
    experiments: table(`${TABLE} --layers=16`, [
      ['lr_0001', '1e-4', '--learning-rate=0.0001', figures(1.38, 0.66, 2.4, 0.23)],
      ['lr_001', '1e-3', '--learning-rate=0.001', figures(1.77, 0.39, 2.32, 0.17)],
      ['lr_002', '2e-3', '--learning-rate=0.002', figures(2.14, 0.23, 2.33, 0.14)],
      ['lr_01', '1e-2', '--learning-rate=0.01', figures(2.14, 0.21, 2.42, 0.1)],
    ]),
    finding: 'The smaller the learning rate, the faster it learns, and the more it overfits.',
    claims: [
      {
        kind: 'trend',
        figure: 'training',
        along: ['lr_0001', 'lr_001', 'lr_002', 'lr_01'],
        direction: 'falls',
        slack: 0.02,
      },
      falls('variance', 'lr_0001', 'lr_002', 0.1),
    ],
  },
  {
    id: 'optimizer',
    title: 'Optimizer',
    section: 'Model',
    experiments: table('', [
      ['adam', 'Adam', `${TABLE} --layers=16`, figures(1.93, 0.34, 2.37, 0.15)],
      [
        'constant',
        'Constant',
        `${TABLE.replace('=Adam', '=Constant')} --layers=16`,
        figures(2.06, 0.27, 2.46, 0.2),
      ],
      [
        'exp_decay',
        'Exponential decay',
        `${TABLE.replace('=Adam', '=ExponentialDecay')} --layers=16`,
        figures(2.61, 0.11, 2.67, 0.08),
      ],
    ]),
    finding: 'Adam learns most; exponential decay stops learning at once.',
    claims: [
      { kind: 'best', figure: 'training', of: 'adam', side: 'highest' },
      { kind: 'best', figure: 'training', of: 'exp_decay', side: 'lowest' },
    ],
  },
  {
    id: 'dropout',
    title: 'Dropout',
    section: 'Regularization',
    experiments: table(`--resize=32,32 ${TABLE} --layers=16`, [
      ['drop_0', '0 %', '--dropout-rate=0', figures(1.45, 0.6, 2.41, 0.17)],
      ['drop_10', '10 %', '--dropout-rate=0.1', figures(1.7, 0.43, 2.29, 0.23)],
      ['drop_50', '50 %', '--dropout-rate=0.5', figures(2.47, 0.11, 2.49, 0.12)],
      ['drop_80', '80 %', '--dropout-rate=0.8', figures(2.47, 0.11, 2.55, 0.13)],
    ]),
    finding: '10 % lower the variance; from 50 % on nothing is learnt.',
    claims: [
      falls('variance', 'drop_0', 'drop_10', 0.05),
      { kind: 'limit', figure: 'training', of: 'drop_50', side: 'below', limit: 0.2 },
      { kind: 'limit', figure: 'training', of: 'drop_80', side: 'below', limit: 0.2 },
    ],
  },
  {
    id: 'weight-decay',
    title: 'Weight decay',
    section: 'Regularization',
    experiments: table(`--resize=32,32 ${TABLE} --layers=16`, [
      ['wd_0', '0', '--weight-decay=0', figures(1.45, 0.6, 2.41, 0.17)],
      ['wd_0001', '1e-4', '--weight-decay=0.0001', figures(1.33, 0.64, 2.36, 0.22)],
      ['wd_001', '1e-3', '--weight-decay=0.001', figures(1.51, 0.58, 2.31, 0.23)],
      ['wd_01', '1e-2', '--weight-decay=0.01', figures(1.86, 0.55, 2.64, 0.25)],
      ['wd_1', '1e-1', '--weight-decay=0.1', figures(5.08, 0.68, 6.11, 0.25)],
    ]),
    finding: 'It changes little, and does not end the overfitting.',
    claims: [
      { kind: 'alike', figure: 'training', from: 'wd_0', to: 'wd_01', by: 0.15 },
      { kind: 'limit', figure: 'variance', of: 'wd_01', side: 'above', limit: 0.2 },
    ],
  },
  {
    id: 'C-regularized',
    title: 'C with clones, rotation and dropout',
    section: 'Regularization',
    experiments: [
      {
        id: 'C-regularized',
        label: 'C, regularized',
        options: `${SET} --nbr-clones=3 --rot-angle=30 --dropout-rate=0.02`,
        reference: null,
      },
    ],
    finding: 'It still overfits: the network is too large.',
    claims: [{ kind: 'limit', figure: 'variance', of: 'C-regularized', side: 'above', limit: 0.1 }],
  },
  {
    id: 'J',
    title: 'A small network with 52 clones',
    section: 'Regularization',
    experiments: [
      {
        id: 'J',
        label: 'J',
        options: `${SET} --nbr-epochs=100 --early-stopping-patience=10 --max-minibatch-size=50000 --layers=10 --nbr-clones=52 --rot-angle=10 --resize=32,32 --noise-intensity=0.02 --display-samples=4`,
        reference: figures(null, 0.44, null, 0.24),
      },
    ],
    finding: 'With as many parameters as samples the variance is small, and so is the accuracy.',
    claims: [
      { kind: 'limit', figure: 'variance', of: 'J', side: 'below', limit: 0.3 },
      { kind: 'limit', figure: 'training', of: 'J', side: 'below', limit: 0.65 },
    ],
  },
  {
    id: 'K',
    title: 'All of the preparation, 16 units',
    section: 'Regularization',
    experiments: [
      {
        id: 'K',
        label: 'K',
        options: `${SET} --gradient-checks=off --grayscale=true --minmax-normalize=true --adaptive-invert=true --trim=true --resize=16,16 --noise-intensity=0 --rot-angle=0 --nbr-clones=1 --layers=16 --max-minibatch-size=100000 --learning-rate=1e-2 --dropout=0 --weight-decay=0.00 --display-samples=4 --track-layer=L0_Dense_W,8`,
        reference: figures(null, 1, null, null),
      },
    ],
    finding: 'Nearly all of both parts is right, with hardly any variance.',
    claims: [
      { kind: 'limit', figure: 'training', of: 'K', side: 'above', limit: 0.95 },
      { kind: 'limit', figure: 'dev', of: 'K', side: 'above', limit: 0.95 },
      { kind: 'limit', figure: 'variance', of: 'K', side: 'below', limit: 0.05 },
    ],
  },
];
