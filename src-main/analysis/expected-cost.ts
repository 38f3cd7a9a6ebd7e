import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { BackendInfo, ExpectedCost, RunRecord } from '../../src-preload/contract/run.ts';
import { median } from './median.ts';

/** What is asked of a network that has not been trained. */
export interface CostQuestion {
  readonly parameters: number;
  /** Training images an epoch: images × clones. */
  readonly images: number;
  /** Numbers of one image: height × width × channels. */
  readonly inputs: number;
  readonly maxMinibatchSize: number;
  readonly epochs: number;
  readonly backend: RunConfig['backend'];
}

/** Runs that the expectation rests on, at most: those that are most alike. */
const NEIGHBOURS = 7;

/** A run whose cost is known. */
interface MeasuredRun {
  readonly parameters: number;
  readonly images: number;
  readonly inputs: number;
  /** Of an epoch. */
  readonly minibatches: number;
  readonly backend: BackendInfo['name'] | undefined;
  readonly msAnEpoch: number;
  readonly bytes: number | null;
  /** Milliseconds of preparing and starting. */
  readonly overhead: number;
}

/**
 * Tells what an epoch and a run are going to cost on this machine, from the runs that it has measured: of those most
 * alike (in parameters, images, inputs and minibatches, by the logarithm of their ratios; of the backend that is asked
 * for, where any is) the median of the time for each unit of work, one multiplication of a weight by a value of an image;
 * memory by what each run held beyond the least of all, for each number that it kept. Null where no run was measured.
 */
export function costEstimator(
  measured: readonly RunRecord[],
): (question: CostQuestion) => ExpectedCost | null {
  const known = measured.flatMap((run): MeasuredRun[] => {
    const { samples, parameters, inputShape, timings, epochs, config, backend, peakMemoryBytes } = run;
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
        minibatches: Math.ceil(images / config.maxMinibatchSize),
        backend: backend?.name,
        msAnEpoch,
        bytes: peakMemoryBytes,
        overhead: timings.preparing + timings.starting,
      },
    ];
  });
  const least = Math.min(...known.flatMap(({ bytes }) => bytes ?? []));
  return (question) => (known.length === 0 ? null : expectedCost(question, known, least));
}

function expectedCost(question: CostQuestion, known: readonly MeasuredRun[], least: number): ExpectedCost {
  const { backend } = question;
  const minibatches = Math.ceil(question.images / question.maxMinibatchSize);
  const asked = backend === 'auto' ? known : known.filter((run) => run.backend === backend);
  const nearest = (asked.length > 0 ? asked : known)
    .map((run) => ({
      ...run,
      distance:
        Math.abs(Math.log(run.parameters / question.parameters)) +
        Math.abs(Math.log(run.images / question.images)) +
        Math.abs(Math.log(run.inputs / question.inputs)) +
        Math.abs(Math.log(run.minibatches / minibatches)),
    }))
    .sort((one, other) => one.distance - other.distance)
    .slice(0, NEIGHBOURS);
  const work = question.parameters * question.images;
  // An epoch costs something however small the network is: what is faster than its work says is not extrapolated.
  const msAnEpoch = median(
    nearest.map((run) => run.msAnEpoch * Math.max(0.1, work / (run.parameters * run.images))),
  );
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
    workRatio: work / median(nearest.map((run) => run.parameters * run.images)),
    minibatchRatio: minibatches / median(nearest.map((run) => run.minibatches)),
    sameBackend: asked.length > 0,
  };
}
