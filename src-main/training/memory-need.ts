import { totalmem } from 'node:os';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { bytesText, countText } from '../../src-preload/contract/figure-text.ts';
import { describeNetwork, type NetworkDefinition } from './network/network.ts';

/** Bytes of a float32. */
const NUMBER = 4;

/** What a training holds at the same time at least, in bytes. */
export interface MemoryNeed {
  /** Parameters, their gradients, and what the optimizer remembers of each. */
  readonly parameters: number;
  /** The images as they are prepared, a byte for each number. */
  readonly images: number;
  /** A minibatch: its input, and for each layer what it gives, which is needed again on the way back. */
  readonly minibatch: number;
}

/**
 * The least memory that a training takes: what no backend can do without. What really is taken is more; so that nothing
 * is refused that would fit, nothing is counted that only some of them hold.
 * @param images prepared images of all parts; 0 where they are not known yet
 */
export function memoryNeed(
  config: RunConfig,
  definition: NetworkDefinition,
  images: { readonly training: number; readonly all: number },
): MemoryNeed {
  const { parameters } = describeNetwork(definition);
  const remembered = config.optimizer === 'Adam' ? 2 : 0;
  const batch = Math.min(config.maxMinibatchSize, images.training * config.nbrClones);
  // Dropout without a rate gives what it was given, and an activation may be written over what it came from.
  const kept = definition.layers.filter(({ parameters: own }) => own.length > 0);
  const outputs = kept.reduce((sum, layer) => sum + layer.outputs, 0);
  return {
    parameters: NUMBER * parameters * (2 + remembered),
    images: images.all * definition.inputs,
    minibatch: NUMBER * batch * (definition.inputs + outputs),
  };
}

/** Memory that this machine has in all, or that this process may have where that is less, in bytes. */
export function memoryLimit(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/**
 * Refuses a training that cannot fit, before it takes anything.
 * @throws UserError with the figures, and what could be made smaller
 */
export function checkMemory(need: MemoryNeed, limit: number, parameters: number): void {
  const all = need.parameters + need.images + need.minibatch;
  if (all <= limit) return;
  const largest = Math.max(need.parameters, need.images, need.minibatch);
  const advice =
    largest === need.parameters
      ? `its ${countText(parameters)} parameters alone take ${bytesText(need.parameters)}. Take fewer units with --layers, or smaller images with --resize.`
      : largest === need.minibatch
        ? `a minibatch alone takes ${bytesText(need.minibatch)}. Take a smaller one with --max-minibatch-size.`
        : `its images alone take ${bytesText(need.images)}. Take smaller ones with --resize, or one channel with --grayscale.`;
  throw new UserError(
    `This training cannot fit: it needs ${bytesText(all)} of memory at least, of ${bytesText(limit)} that there are; ${advice}`,
  );
}
