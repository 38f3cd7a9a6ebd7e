import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import { withEpoch } from '../../../src-preload/contract/summary.ts';
import type { DiagnosedRun } from '../../../src-main/analysis/diagnosis.ts';
import type { Prepared } from '../../../src-main/data/prepared.ts';
import type { Compute } from '../../../src-main/training/compute/compute.ts';
import { describeNetwork, networkDefinition } from '../../../src-main/training/network/network.ts';
import { queuedRun } from '../store/run-records.ts';
import { trainSmall } from './small-set.ts';

/** Trains a network for real and gives all that a diagnosis rests on, as a run that has ended has it. */
export async function trainedRun(compute: Compute, config: RunConfig, data: Prepared): Promise<DiagnosedRun> {
  const { outcome, epochs } = await trainSmall(compute, config, { data });
  const { training, dev, test } = data.parts;
  const { parameters } = describeNetwork(networkDefinition(config, data.inputShape, data.classes.length));
  const begun = queuedRun({
    id: config.expId,
    name: config.expId,
    status: outcome.outcome,
    config,
    classes: [...data.classes],
    inputShape: data.inputShape,
    samples: { training: training.count, dev: dev.count, test: test.count },
    parameters,
    paramsPerSample: parameters / (training.count * config.nbrClones),
  });
  const run: RunRecord = {
    ...epochs.reduce((record, figures) => withEpoch(record, figures), begun),
    final: { training: outcome.final.training, dev: outcome.final.dev },
    earlyStopEpoch: outcome.earlyStopEpoch,
    evidence: outcome.evidence,
    weightsSha256: outcome.weightsSha256,
  };
  const matrices = outcome.snapshots.flatMap((one) => (one.kind === 'final-confusion' ? [one] : []));
  return {
    run,
    trainingLoss: epochs.map((figures) => figures.training.loss),
    devLoss: epochs.flatMap((figures) => (figures.dev === null ? [] : [figures.dev.loss])),
    confusion: {
      training: matrices.find(({ part }) => part === 'training'),
      dev: matrices.find(({ part }) => part === 'dev'),
    },
  };
}
