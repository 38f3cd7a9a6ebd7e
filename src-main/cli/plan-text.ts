import type { RunPlan } from '../../src-preload/contract/run.ts';
import { counted, ratioText, shapeText } from '../../src-preload/contract/figure-text.ts';
import { pairs, textTable } from './text-table.ts';
import { printableName } from './printable.ts';

/** Classes that are named before the rest is only counted. */
const NAMED_CLASSES = 12;

/**
 * What a run would be, in lines.
 * @param columns that a line of words may fill; any number of characters where undefined.
 */
export function planText(plan: RunPlan, columns?: number): string {
  const { config, samples, classes } = plan;
  const images = samples.training * config.nbrClones;
  const batches = Math.ceil(images / config.maxMinibatchSize);
  const clones = config.nbrClones > 1 ? ` × ${config.nbrClones} clones` : '';
  return [
    pairs(
      [
        ['Data set', config.dataset],
        ['Classes', classesText(classes)],
        ['Samples', `${samples.training} training${clones}, ${samples.dev} dev, ${samples.test} test`],
        ['Input', `${shapeText(plan.inputShape)} (height × width × channels)`],
        ['Model', `${config.model}, ${counted(plan.parameters, 'parameter')}`],
        ['Params/samples', ratioText(plan.paramsPerSample)],
        [
          'Training',
          `${counted(config.nbrEpochs, 'epoch')} of ${counted(batches, 'minibatch', 'minibatches')}, ${config.optimizer} with a learning rate of ${config.learningRate}`,
        ],
      ],
      columns,
    ),
    '',
    textTable({
      head: ['Layer', 'Output', 'Parameter', 'Shape', 'Count'],
      rows: plan.layers.flatMap((layer) => {
        const parameters = layer.parameters.length > 0 ? layer.parameters : [undefined];
        return parameters.map((parameter, index) => [
          index === 0 ? layer.name : '',
          index === 0 ? shapeText(layer.outputShape) : '',
          parameter?.name ?? '',
          parameter === undefined ? '' : shapeText(parameter.shape),
          parameter === undefined ? '' : String(parameter.count),
        ]);
      }),
      align: ['left', 'right', 'left', 'right', 'right'],
      indent: 2,
    }),
  ].join('\n');
}

export function classesText(classes: readonly string[]): string {
  const named = classes.slice(0, NAMED_CLASSES).map(printableName).join(', ');
  return `${classes.length}: ${named}${classes.length > NAMED_CLASSES ? ', …' : ''}`;
}
