import { expect, test } from 'vitest';
import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { RunRecord } from '../../../src-preload/contract/run.ts';
import type { StudyBasis } from '../../../src-preload/contract/study.ts';
import { openStudy, type Study, STUDY_TAG } from '../../../src-main/workbench/study-run.ts';
import type { RunFilter, Store } from '../../../src-main/store/store.ts';
import { ownerNamed, queuedRun } from '../../support/store/run-records.ts';
import { temporaryStore } from '../../support/store/temporary-store.ts';

const BASIS: StudyBasis = {
  backend: 'native',
  versions: {
    app: '1.0.0',
    node: 'v24.1.0',
    tfjs: '4.22.0',
    library: 'libtensorflow 1.15.0',
    sharp: '0.34.5',
    platform: 'linux-x64',
  },
  dataset: { folder: '/sets/numbers', fingerprint: 'abc', images: 848 },
};

/** The one run of part K, as the study asks for it. */
async function configOfK(): Promise<RunConfig> {
  const { missing } = await openStudy(runsOf(temporaryStore()), BASIS, { only: ['K'], seeds: 1 });
  const [config, ...others] = missing;
  if (config === undefined || others.length > 0) throw new Error('K is one run.');
  return config;
}

/** Part K of a study on a store that has such a run, which has ended. */
async function withRun(changes: Partial<RunRecord>): Promise<Study> {
  const store = temporaryStore();
  const owner = ownerNamed('test');
  const record = queuedRun({ id: 'k', tags: [STUDY_TAG], config: await configOfK() });
  store.insert([record], owner, Date.now());
  store.organize([{ id: 'k', changes: { tags: changes.tags ?? [STUDY_TAG] } }]);
  store.claim('k', owner);
  const ended: RunRecord = {
    ...record,
    status: 'finished',
    epochs: record.config.nbrEpochs,
    versions: BASIS.versions,
    preparation: { decoded: 0, images: 848, datasetFingerprint: 'abc', preparedKey: 'p' },
    weightsSha256: 'f00d',
    ...changes,
  };
  store.end(ended, owner, [], []);
  return openStudy(runsOf(store), BASIS, { only: ['K'], seeds: 1 });
}

const REUSED = { finished: 1, toContinue: 0, missing: 0 };
const ANEW = { finished: 0, toContinue: 0, missing: 1 };
const GOES_ON = { finished: 0, toContinue: 1, missing: 0 };
const HALF = { status: 'interrupted', epochs: 50, weightsSha256: null } as const;

function versions(changes: Partial<StudyBasis['versions']>): Partial<RunRecord> {
  return { versions: { ...BASIS.versions, ...changes } };
}

test.each<[string, Partial<RunRecord>, typeof REUSED]>([
  ['a finished run is reused', {}, REUSED],
  ['whoever trained it', { tags: [] }, REUSED],
  ['not one of another product version', versions({ app: '0.9.0' }), ANEW],
  ['nor of another library', versions({ library: 'libtensorflow 2.9.1' }), ANEW],
  ['nor of another tfjs', versions({ tfjs: '4.21.0' }), ANEW],
  ['nor of another decoder', versions({ sharp: '0.33.0' }), ANEW],
  ['nor of another Node', versions({ node: 'v22.0.0' }), ANEW],
  ['nor of another platform', versions({ platform: 'darwin-arm64' }), ANEW],
  [
    'nor on other images',
    { preparation: { decoded: 0, images: 847, datasetFingerprint: 'abd', preparedKey: 'p' } },
    ANEW,
  ],
  ['one that was cut off goes on', HALF, GOES_ON],
  ['one that its user stopped, too', { ...HALF, status: 'stopped' }, GOES_ON],
  ['one that never began', { ...HALF, epochs: 0, versions: null, preparation: null }, GOES_ON],
  ['one that was cut off before its last evaluation', { ...HALF, epochs: 100 }, GOES_ON],
  ['not one that was stopped at its very end', { status: 'stopped' }, ANEW],
  ['nor one that is not of the study', { ...HALF, tags: [] }, ANEW],
  ['nor one of another version', { ...HALF, ...versions({ library: 'libtensorflow 2.9.1' }) }, ANEW],
])('%s', async (_name, changes, expected) => {
  const { finished, toContinue, missing } = await withRun(changes);
  expect({
    finished: finished.length,
    toContinue: toContinue.length,
    missing: missing.length,
  }).toEqual(expected);
});

/** Of a store in which nothing waits for a process that has died. */
function runsOf(store: Store) {
  return { runs: (filter?: RunFilter) => store.runs(filter), abandoned: () => new Set<string>() };
}

test('one that is queued or running somewhere is under way, and not asked for again', async () => {
  const store = temporaryStore();
  const owner = ownerNamed('other');
  store.insert([queuedRun({ id: 'k', config: await configOfK() })], owner, Date.now());
  expect(await openStudy(runsOf(store), BASIS, { only: ['K'], seeds: 1 })).toMatchObject({
    underWay: [{ id: 'k' }],
    missing: [],
  });
  store.claim('k', owner);
  expect(await openStudy(runsOf(store), BASIS, { only: ['K'], seeds: 2 })).toMatchObject({
    underWay: [{ id: 'k' }],
    missing: [{ modelSeed: 100 }],
  });
});

test('what was there before a study that begins anew is passed over', async () => {
  const store = temporaryStore();
  const owner = ownerNamed('test');
  const record = queuedRun({ id: 'k', config: await configOfK() });
  store.insert([record], owner, Date.now());
  store.claim('k', owner);
  const { versions: own } = BASIS;
  store.end({ ...record, status: 'finished', versions: own, preparation: null }, owner, [], []);
  const options = { only: ['K'], seeds: 1 };
  expect((await openStudy(runsOf(store), BASIS, options)).missing).toHaveLength(0);
  const since = '2026-02-01T00:00:00.000Z';
  expect((await openStudy(runsOf(store), BASIS, { ...options, since })).missing).toHaveLength(1);
});
