import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { createDataClient } from '../../src-main/workbench/data-client.ts';
import { forkHost } from '../../src-main/workbench/fork-host.ts';
import { compared, type Report, runs } from './measure.ts';

const run = promisify(execFile);
const DATA_ENTRY = join(import.meta.dirname, '../../out/main/data-process.js');

const SETS = [
  { name: 'numbers', perClass: null },
  { name: 'many', perClass: 1000 },
] as const;
const SIDES = [16, 110];

/** Images a second with all steps on, against ImageMagick's mogrify on the same files. */
export async function benchPreparation(
  report: Report,
  home: string,
  repetitions: number,
  wanted: (name: string) => boolean,
): Promise<void> {
  if (!runs('mogrify', '-version')) {
    report.leftOut.push({
      what: 'preparation against mogrify',
      why: 'imagemagick is not there: npm run bench -- --install gets it.',
    });
    return;
  }
  const datasets = join(home, 'datasets');
  for (const { name, perClass } of SETS) {
    const what = `preparation of ${perClass === null ? 847 : 10_000} images`;
    if (!wanted(what)) continue;
    const client = createDataClient(forkHost, DATA_ENTRY);
    try {
      const folders = { datasets, cache: join(home, 'preparation'), cacheMaxBytes: 1e11 };
      if (perClass !== null)
        await client
          .call('create', { kind: 'numbers', name, seed: 7, perClass, folders })
          .catch(() => undefined);
      else await client.call('plan', { config: RunConfig.parse({ dataset: name }), folders });
      for (const side of SIDES) {
        const config = RunConfig.parse({
          dataset: name,
          trim: true,
          resize: { width: side, height: side },
          grayscale: true,
          minmaxNormalize: true,
          adaptiveInvert: true,
        });
        const ours: number[] = [];
        const theirs: number[] = [];
        for (let repetition = 0; repetition < repetitions; repetition++) {
          await rm(join(folders.cache, 'prepared'), { recursive: true, force: true });
          ours.push((await client.call('prepare', { config, folders })).ms);
          theirs.push(await mogrify(join(datasets, name), join(home, 'mogrified'), side));
        }
        report.rows.push(compared(`${what} to ${side}×${side}`, 'mogrify', 'ms', ours, theirs, 1 / 1.5));
      }
    } finally {
      client.close();
    }
  }
}

/** @returns milliseconds of one mogrify over a copy of all images, as the study's loader called it. */
async function mogrify(source: string, copy: string, side: number): Promise<number> {
  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  await cp(source, copy, { recursive: true });
  const files: string[] = [];
  for (const name of await readdir(copy)) {
    for (const file of await readdir(join(copy, name))) files.push(join(name, file));
  }
  const begun = performance.now();
  await run(
    'mogrify',
    [
      ...['-trim', '+repage', '-resize', `${side}x${side}!`, '-grayscale', 'Rec709Luma'],
      // Stretches to the whole range; without the black and white points that -normalize leaves out.
      ...['-contrast-stretch', '0x0'],
      ...files,
    ],
    { cwd: copy },
  );
  return performance.now() - begun;
}
