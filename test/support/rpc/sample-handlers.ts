import type { Handlers } from '../../../src-preload/rpc/server.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';

/** Handlers that refuse everything but what a test gives them. */
export function handlersWith(given: {
  readonly calls?: Partial<Handlers['calls']>;
  readonly streams?: Partial<Handlers['streams']>;
}): Handlers {
  function refuse(): never {
    throw new UserError('This is not there.');
  }
  return {
    calls: {
      about: refuse,
      ladder: refuse,
      runs: refuse,
      run: refuse,
      series: refuse,
      snapshots: refuse,
      snapshotEpochs: refuse,
      diagnosis: refuse,
      analysis: refuse,
      experimentDiagnosis: refuse,
      compareOnImages: refuse,
      predictions: refuse,
      cellImages: refuse,
      launch: refuse,
      queue: refuse,
      changeQueue: refuse,
      plan: refuse,
      moveInQueue: refuse,
      organize: refuse,
      trash: refuse,
      restore: refuse,
      emptyTrash: refuse,
      preference: refuse,
      setPreference: refuse,
      metrics: refuse,
      continueRun: refuse,
      continueAll: refuse,
      stop: refuse,
      rerun: refuse,
      datasets: refuse,
      dataset: refuse,
      datasetSamples: refuse,
      thumbnails: refuse,
      preview: refuse,
      runImages: refuse,
      browseFolders: refuse,
      datasetGlance: refuse,
      expectedCosts: refuse,
      study: refuse,
      launchStudy: refuse,
      studyReport: refuse,
      ...given.calls,
    },
    streams: { events: refuse, checkDataset: refuse, ...given.streams },
  };
}
