import type { Compute, Tensor, Values } from '../../../src-main/training/compute/compute.ts';
import type { LayerDefinition } from '../../../src-main/training/network/layer.ts';
import { countOf } from '../../../src-main/training/network/parameter.ts';
import { normalValues, randomStream } from '../../../src-main/training/random.ts';

/**
 * All numbers of a layer on a compute, from random inputs that the seed determines: its output in training, its
 * gradients, the statistics that it moved, and its outputs at evaluation.
 */
export async function layerNumbers(
  compute: Compute,
  definition: LayerDefinition,
  batch: number,
  inputs: number,
  seed: number,
): Promise<Record<string, Values>> {
  const random = randomStream(seed, 'layer numbers');
  function numbers(shape: readonly number[]): Float32Array<ArrayBuffer> {
    return normalValues(countOf(shape), 1, random);
  }
  const parameters = definition.parameters.map(({ shape }) => compute.variable(numbers(shape), shape));
  const statistics = definition.statistics.map(({ shape }) =>
    // A variance is not negative.
    compute.variable(
      numbers(shape).map((value) => value * value),
      shape,
    ),
  );
  const [x, dy] = [numbers([batch, inputs]), numbers([batch, definition.outputs])];
  const layer = definition.build({ compute, name: 'L1_Compared', parameters, statistics });
  const made = compute.scope(() => {
    const input = compute.upload(x, [batch, inputs]);
    const pass = layer.forward(input, { seed: 5, moveStatistics: true });
    const back = pass.backward(compute.upload(dy, [batch, definition.outputs]), true);
    const tensors: Record<string, Tensor> = {
      output: pass.output,
      'evaluated by running statistics': layer.evaluate(input, 'moving'),
      'evaluated by those of the batch': layer.evaluate(input, 'batch'),
    };
    if (back.input !== null) tensors['gradient by the input'] = back.input;
    back.parameters.forEach((gradient, index) => {
      tensors[`gradient by ${definition.parameters[index]?.suffix ?? ''}`] = gradient;
    });
    statistics.forEach((variable, index) => {
      tensors[definition.statistics[index]?.suffix ?? ''] = compute.snapshot(variable);
    });
    for (const tensor of Object.values(tensors)) compute.keep(tensor);
    return tensors;
  });
  const values = await compute.read(Object.values(made));
  compute.dispose([...new Set(Object.values(made)), ...parameters, ...statistics]);
  return Object.fromEntries(
    Object.keys(made).map((name, index) => [name, values[index] ?? new Float32Array()]),
  );
}
