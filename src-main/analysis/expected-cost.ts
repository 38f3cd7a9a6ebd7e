import type { ExpectedCost, RunRecord } from '../../src-preload/contract/run.ts';
import { median } from './median.ts';

/** What is asked of a network that has not been trained. */
export interface CostQuestion {
  readonly parameters: number;
  /** Training images an epoch: images × clones. */
  readonly images: number;
  /** Numbers of one image: height × width × channels. */
  readonly inputs: number;
  readonly epochs: number;
}

/** Runs that the expectation rests on, at most: those that are most alike. */
const NEIGHBOURS = 7;

/**
 * What an epoch and a run are going to cost on this machine, from the runs that it has measured: of those most alike
 * (in parameters, images and inputs, by the logarithm of their ratios) the median of the time for each unit of work,
 * one multiplication of a weight by a value of an image; memory by what each run held beyond the least of all, for
 * each number that it kept. Null where no run was measured.
 */
export function expectedCost(question: CostQuestion, measured: readonly RunRecord[]): ExpectedCost | null {
  const known = measured.flatMap((run) => {
    const { samples, parameters, inputShape, timings, epochs, config, peakMemoryBytes } = run;
    if (samples === null || parameters === null || inputShape === null || timings === null || epochs === 0)
      return [];
    const images = samples.training * config.nbrClones;
    const inputs = inputShape[0] * inputShape[1] * inputShape[2];
    const msAnEpoch =
      (timings.augmenting + timings.stepping + timings.evaluating + timings.reading + timings.reporting) /
      epochs;
    if (msAnEpoch <= 0 || images === 0) return [];
    return [
      {
        parameters,
        images,
        inputs,
        msAnEpoch,
        bytes: peakMemoryBytes,
        overhead: timings.preparing + timings.starting,
        distance:
          Math.abs(Math.log(parameters / question.parameters)) +
          Math.abs(Math.log(images / question.images)) +
          Math.abs(Math.log(inputs / question.inputs)),
      },
    ];
  });
  if (known.length === 0) return null;
  const nearest = known.sort((one, other) => one.distance - other.distance).slice(0, NEIGHBOURS);
  const work = question.parameters * question.images;
  // An epoch costs something however small the network is: what is faster than its work says is not extrapolated.
  const msAnEpoch = median(
    nearest.map((run) => run.msAnEpoch * Math.max(0.1, work / (run.parameters * run.images))),
  );
  const least = Math.min(...known.flatMap(({ bytes }) => bytes ?? []));
  const memory = nearest.flatMap(({ bytes, images, inputs, parameters }) =>
    bytes === null
      ? []
      : [
          least +
            (bytes - least) *
              ((question.images * question.inputs + 4 * question.parameters) /
                (images * inputs + 4 * parameters)),
        ],
  );
  return {
    msAnEpoch,
    msARun: msAnEpoch * question.epochs + median(nearest.map(({ overhead }) => overhead)),
    memoryBytes: memory.length === 0 ? null : median(memory),
    runs: nearest.length,
  };
}
