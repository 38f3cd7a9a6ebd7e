import { z } from 'zod';
import { toErrorRecord, UserError } from '../../src-preload/contract/errors.ts';
import type { RunRow } from '../../src-preload/contract/api.ts';
import type { StudyBasis } from '../../src-preload/contract/study.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Handlers } from '../../src-preload/rpc/server.ts';
import { browseFolders } from './browse-folders.ts';
import { turn } from './slices.ts';
import { launchStudy, openStudy, studyBasis, studyRunReader } from './study-run.ts';
import { studyReport, studyStanding } from './study-standing.ts';
import type { Workbench } from './workbench.ts';

/** Runs that are read at once: some ten milliseconds, in which nothing else goes on. */
const RUNS_AT_ONCE = 100;

/** Letters of JSON that one choice of the window may have. */
const MOST_PREFERENCE_LETTERS = 200_000;

/** What answers the calls and streams of the contract, through whichever door they come. */
export function apiHandlers(workbench: Workbench): Handlers {
  const read = studyRunReader(workbench);
  let basis: Promise<StudyBasis> | undefined;

  /** Asked once: to ask starts processes. What failed is asked again. */
  function knownBasis(): Promise<StudyBasis> {
    basis ??= studyBasis(workbench).catch((error: unknown) => {
      basis = undefined;
      throw error;
    });
    return basis;
  }

  return {
    calls: {
      about: () => ({
        appVersion: workbench.appVersion,
        dataFolder: workbench.home.folder,
        notice: workbench.takeNotice(),
      }),
      ladder: () => workbench.ladder(),
      runs: ({ limit, olderThan, trashed = false }, signal) =>
        runRows(workbench, { limit: limit ?? Infinity, olderThan, trashed }, signal),
      run: ({ run }) => workbench.run(run),
      series: ({ runs, metrics, after }) => workbench.series(runs, metrics, after),
      snapshots: ({ run, kind, epoch }) => workbench.snapshots(run, kind, epoch),
      snapshotEpochs: ({ run, kind }) => workbench.snapshotEpochs(run, kind),
      diagnosis: ({ run }) => workbench.diagnosis(run),
      experimentDiagnosis: ({ runs }) => workbench.experimentDiagnosis(runs),
      analysis: ({ runs, ...wish }) => workbench.analysis(runs, wish),
      compareOnImages: ({ first, second }) => workbench.compareOnImages(first, second),
      predictions: ({ run }) => workbench.predictions(run),
      cellImages: ({ run, ...cell }) => workbench.cellImages(run, cell),
      launch({ configs, jobs, tags }) {
        const records = workbench.launch(configs, tags);
        workbench.changeQueue({ jobs });
        workbench.enqueue(records.map(({ id }) => id));
        return records;
      },
      queue: () => queueOf(workbench),
      changeQueue(changes) {
        workbench.changeQueue(changes);
        return queueOf(workbench);
      },
      plan: ({ configs }) => workbench.plan(configs),
      moveInQueue({ run, before }) {
        workbench.moveInQueue(run, before);
        return queueOf(workbench);
      },
      organize({ runs, ...wish }) {
        workbench.organize(runs, wish);
        return null;
      },
      trash({ runs }) {
        workbench.trash(runs);
        return null;
      },
      restore({ runs }) {
        workbench.restore(runs);
        return null;
      },
      emptyTrash: () => ({ removed: workbench.emptyTrash() }),
      preference: ({ key }) => ({ value: z.json().parse(workbench.preference(key)) }),
      setPreference({ key, value }) {
        if (JSON.stringify(value).length > MOST_PREFERENCE_LETTERS)
          throw new UserError('That is too much to be kept; remove some of it first.');
        workbench.setPreference(key, value);
        return null;
      },
      stop({ run }) {
        workbench.stop(run);
        return null;
      },
      rerun({ run }) {
        const record = workbench.rerun(run);
        workbench.enqueue([record.id]);
        return record;
      },
      metrics: ({ run }) => workbench.metrics(run),
      continueRun({ run, nbrEpochs }) {
        const record = workbench.continueRun(run, nbrEpochs);
        workbench.enqueue([record.id]);
        return record;
      },
      continueAll() {
        const records = workbench.takeUpAll();
        workbench.enqueue(records.map(({ id }) => id));
        return { continued: records.length };
      },
      datasets: ({ config }) => workbench.datasets(config),
      dataset: ({ config }, signal) => workbench.showDataset(config, undefined, signal),
      datasetGlance: ({ config }, signal) => workbench.datasetGlance(config, signal),
      datasetSamples: ({ config, perClass }) => workbench.datasetSamples(config, perClass),
      thumbnails: ({ config, paths }) => workbench.thumbnails(config, paths),
      preview: ({ config, ...wish }, signal) => workbench.preview(config, wish, signal),
      runImages: ({ run, paths }) => workbench.runImages(run, paths),
      browseFolders: ({ path }) => browseFolders(path),
      expectedCosts: ({ configs }, signal) => workbench.expectedCosts(configs, signal),
      async study(wish) {
        const opened = await openStudy(workbench, await knownBasis(), wish);
        return studyStanding(opened, wish, await read(opened));
      },
      async launchStudy({ jobs, ...wish }) {
        // Images may have been changed since it was looked at first.
        basis = undefined;
        const opened = await openStudy(workbench, await knownBasis(), wish);
        const records = launchStudy(workbench, opened);
        if (records.length > 0) {
          workbench.changeQueue({ jobs });
          workbench.enqueue(records.map(({ id }) => id));
        }
        const launched = opened.missing.length;
        return { launched, continued: records.length - launched };
      },
      async studyReport(wish) {
        const opened = await openStudy(workbench, await knownBasis(), wish);
        return studyReport(opened, wish, await read(opened));
      },
    },
    streams: {
      events: (_params, outlet) =>
        workbench.watch({
          tell(events) {
            outlet.send(events);
          },
          isBusy: () => outlet.isBusy(),
        }),
      checkDataset({ config }, outlet) {
        const leaving = new AbortController();
        workbench
          .checkDataset(
            config,
            (progress) => {
              outlet.send([{ kind: 'progress', progress }]);
            },
            leaving.signal,
          )
          .then(
            (result) => {
              outlet.send([{ kind: 'done', result }]);
            },
            (error: unknown) => {
              outlet.send([{ kind: 'failed', error: toErrorRecord(error) }]);
            },
          );
        return () => {
          leaving.abort();
        };
      },
    },
  };
}

function queueOf(workbench: Workbench) {
  const { jobs, isPaused, working, waiting } = workbench.queue();
  return { jobs, isPaused, working: [...working], waiting: [...waiting] };
}

/** Reads a piece at a time, so that other work comes in between. */
async function runRows(
  workbench: Workbench,
  { limit, olderThan, trashed }: { limit: number; olderThan: string | undefined; trashed: boolean },
  signal: AbortSignal,
): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  let last = olderThan;
  while (rows.length < limit) {
    signal.throwIfAborted();
    const wanted = Math.min(RUNS_AT_ONCE, limit - rows.length);
    const piece = workbench.runs({
      limit: wanted,
      trashed,
      ...(last === undefined ? {} : { olderThan: last }),
    });
    rows.push(...piece.map(rowOf));
    last = piece.at(-1)?.id;
    if (piece.length < wanted) break;
    await turn();
  }
  return rows;
}

function rowOf(record: RunRecord): RunRow {
  const row: RunRow & Partial<RunRecord> = { ...record };
  delete row.layers;
  delete row.classes;
  delete row.notices;
  delete row.unreadable;
  delete row.evidence;
  delete row.versions;
  return row;
}
