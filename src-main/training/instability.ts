import type { Compute, Tensor } from './compute/compute.ts';
import type { Reading, Readings } from './readings.ts';

/** A tensor's sum, which is finite where all its numbers are (or they are so large that they are of no use). */
export interface Probe {
  readonly name: string;
  readonly sum: Reading;
}

/** Dispatches one reduction a tensor; the sums are read with the other figures. */
export function probe(
  compute: Compute,
  readings: Readings,
  tensors: readonly { readonly name: string; readonly tensor: Tensor }[],
): Probe[] {
  return tensors.map(({ name, tensor }) => ({ name, sum: readings.keep(compute.sum(tensor)) }));
}

/** The sums, once they are read. */
export function probedSums(probes: readonly Probe[]): Symptoms['parameters'] {
  return probes.map(({ name, sum }) => ({ name, sum: sum.values()[0] ?? NaN }));
}

/** What an epoch left behind that could have become NaN or infinite. */
export interface Symptoms {
  readonly trainingLoss: number;
  readonly devLoss: number | null;
  /** Sums of the gradients of the epoch's last step, by parameter. */
  readonly gradients: readonly { readonly name: string; readonly sum: number }[];
  /** Sums of the parameters after it. */
  readonly parameters: readonly { readonly name: string; readonly sum: number }[];
}

/** A sentence on what is NaN or infinite after an epoch, or null where all is finite. */
export function instability(epoch: number, symptoms: Symptoms): string | null {
  const found = [
    ...(Number.isFinite(symptoms.trainingLoss) ? [] : ['the training loss']),
    ...(symptoms.devLoss === null || Number.isFinite(symptoms.devLoss) ? [] : ['the dev loss']),
    ...unstable('gradients of', symptoms.gradients),
    ...unstable('parameters', symptoms.parameters),
  ];
  if (found.length === 0) return null;
  return `Epoch ${epoch} left numbers that are NaN or infinite: ${found.join('; ')}. A lower --learning-rate often helps.`;
}

function unstable(what: string, sums: Symptoms['parameters']): string[] {
  const names = sums.filter(({ sum }) => !Number.isFinite(sum)).map(({ name }) => name);
  return names.length === 0 ? [] : [`${what} ${names.join(', ')}`];
}
