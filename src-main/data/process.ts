import { mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { diskFault } from '../../src-preload/contract/disk-fault.ts';
import { RunConfig } from '../../src-preload/contract/config.ts';
import {
  type DataCall,
  type DataFolders,
  type DataParams,
  type DataReply,
  DataRequest,
  type DataResult,
  type Progress,
  dataCalls,
} from '../../src-preload/contract/data-process.ts';
import type { DatasetSummary } from '../../src-preload/contract/dataset.ts';
import { UserError, schemaSentence, toErrorRecord } from '../../src-preload/contract/errors.ts';
import { preparedPictures, previewOf, samplesOf, thumbnailsOf } from './pictures.ts';
import { checkHealth, glanceAt } from './health.ts';
import { checkFits, identityOf, inputShapeOf, prepareSet, summarize, unprepared } from './prepare-set.ts';
import type { ImageList } from './sources/image-list.ts';
import { BUILT_IN, type SourceOptions, knownSets, openSource, placeOf } from './sources/source.ts';

/** Milliseconds between two reports of progress. */
const PROGRESS_MS = 50;

const calls: {
  [Call in DataCall]: (params: DataParams<Call>, options: SourceOptions) => Promise<DataResult<Call>>;
} = {
  prepare: ({ config, folders }, options) => prepareSet(config, folders, process.ppid, options),
  async plan({ config, folders }, options) {
    const list = await openSource(config, folders, options);
    checkFits(list.images.length, config);
    return { summary: summarize(list, config), inputShape: inputShapeOf(config) };
  },
  async identity({ config, folders }, options) {
    return identityOf(await openSource(config, folders, options), folders);
  },
  async list({ config, folders }) {
    const summaries: DatasetSummary[] = [];
    for (const name of await knownSets(config, folders)) {
      const one = { ...config, dataset: name, filterDataset: 'all' };
      const place = placeOf(one, folders);
      if (!existsSync(place.folder)) {
        summaries.push({
          name,
          folder: place.folder,
          builtIn: true,
          drawn: false,
          classes: [],
          images: 0,
          bytes: 0,
          parts: { training: 0, dev: 0, test: 0 },
        });
        continue;
      }
      try {
        summaries.push(summarize(await openSource(one, folders), one));
      } catch (error) {
        // A folder that is no data set is not one to be listed.
        if (!(error instanceof UserError)) throw error;
      }
    }
    return summaries;
  },
  async check({ config, folders }, options) {
    return checkHealth(await openSource(config, folders, options), config, options);
  },
  async glance({ config, folders }, options) {
    return glanceAt(await listedLately(config, folders, options), config, options);
  },
  async samples({ config, folders, perClass }, options) {
    return samplesOf(await listedLately(config, folders, options), perClass);
  },
  async thumbnails({ config, folders, paths }, options) {
    return thumbnailsOf(await listedLately(config, folders, options), paths);
  },
  async preparedPictures({ config, folders, paths }, options) {
    return preparedPictures(await listedLately(config, folders, options), config, paths);
  },
  async preview({ config, folders, path, draw, draws }, options) {
    return previewOf(await listedLately(config, folders, options), config, { path, draw, draws });
  },
  async create({ kind, name, seed, perClass, folders }, options) {
    if (!/^[^/\\\p{Cc}]{1,100}$/u.test(name) || name.startsWith('.')) {
      throw new UserError(
        `${name} cannot be the name of a data set: it becomes a folder, so leave out / and \\ and a dot at its start.`,
      );
    }
    const folder = join(folders.datasets, name);
    if (existsSync(folder))
      throw new UserError(
        `There is a data set ${name} already, in ${folder}. Choose another name with --name.`,
      );
    await mkdir(folders.datasets, { recursive: true });
    await BUILT_IN[kind](folder, {
      seed,
      perClass,
      onProgress: (done, total) => options.onProgress?.({ what: 'drawing', done, total }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const config = { ...RunConfig.parse({}), dataset: name };
    return summarize(await openSource(config, folders), config);
  },
};

/** Milliseconds for which a list is taken to be as it was: a page asks for one picture after another. */
const LATELY_MS = 10_000;
let lately: { key: string; at: number; list: Promise<ImageList> } | undefined;

function listedLately(config: RunConfig, folders: DataFolders, options: SourceOptions): Promise<ImageList> {
  const key = JSON.stringify([config.dataset, config.datasetsPath, config.filterDataset]);
  if (lately?.key === key && performance.now() - lately.at < LATELY_MS) return lately.list;
  const list = openSource(config, folders, options);
  const own = { key, at: performance.now(), list };
  lately = own;
  list.catch(() => {
    if (lately === own) lately = undefined;
  });
  return list;
}

const cancels = new Map<number, AbortController>();

function reply(message: DataReply): void {
  process.send?.(message);
}

async function answer(id: number, name: DataCall, params: unknown): Promise<void> {
  const cancel = new AbortController();
  cancels.set(id, cancel);
  let reported = -Infinity;
  function onProgress(progress: Progress): void {
    const now = performance.now();
    if (now - reported < PROGRESS_MS && progress.done < progress.total) return;
    reported = now;
    reply({ kind: 'progress', id, progress });
  }
  try {
    const checked = dataCalls[name].params.safeParse(params);
    if (!checked.success)
      throw new UserError(`A call to ${name} is not possible: ${schemaSentence(checked.error)}`);
    const call = calls[name] as (given: unknown, options: SourceOptions) => Promise<unknown>;
    reply({ kind: 'result', id, result: await call(checked.data, { onProgress, signal: cancel.signal }) });
  } catch (error) {
    reply({
      kind: 'error',
      id,
      error: toErrorRecord(cancel.signal.aborted ? new UserError('It was cancelled.') : mendable(error)),
    });
  } finally {
    cancels.delete(id);
  }
}

/** What a disk refuses people can mend; the system's own words name files that nobody asked for. */
function mendable(error: unknown): unknown {
  const fault = diskFault(error);
  return fault === undefined || fault === 'gone' ? error : new UserError(unprepared(fault));
}

process.on('message', (raw) => {
  const request = DataRequest.parse(raw);
  if (request.kind === 'cancel') cancels.get(request.id)?.abort();
  else void answer(request.id, request.call, request.params);
});
process.on('disconnect', () => {
  process.exit(0);
});
