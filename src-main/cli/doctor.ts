import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import type { Rung } from '../../src-preload/contract/training-process.ts';
import { readReport } from '../../resources/setup/native-report.mjs';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { EXIT } from './exit-code.ts';
import { bytesText, counted } from '../../src-preload/contract/figure-text.ts';
import { jsonLine } from './json-line.ts';
import { withWorkbench } from './open-workbench.ts';
import { packageVersion } from './package-version.ts';
import { type Output } from './terminal.ts';
import { type Pair, pairs, wrapped } from './text-table.ts';

const Options = z.object({ json: z.boolean().default(false) });

/** How the native library was come by, as the set-up wrote it down. */
const NativeReport = z.object({
  library: z.string().nullable(),
  source: z.string().nullable(),
  reasons: z.array(z.string()),
  date: z.string(),
});

/** What `layerbench doctor --json` prints: sizes in bytes. */
export interface DoctorReport {
  readonly versions: Readonly<Record<string, string | null>>;
  /** Every backend, the best first. */
  readonly ladder: readonly Rung[];
  /** What runs are computed by where they name no backend; null where nothing can train. */
  readonly backend: string | null;
  readonly library: string | null;
  /** How the native library was come by; null where the set-up never looked for one. */
  readonly nativeLibrary: z.infer<typeof NativeReport> | null;
  readonly threads: number;
  readonly processor: string | null;
  readonly memory: { readonly total: number; readonly available: number };
  readonly dataFolder: { readonly path: string; readonly free: number; readonly cacheMax: number };
  readonly canTrain: boolean;
}

/** Free bytes below which a warning is due: a prepared set and its run may not find room. */
const LITTLE_SPACE = 1e9;
const TEXT_COLUMNS = 100;

/** `layerbench doctor`: what this machine can train with, and why. */
export async function doctor(given: unknown, context: Context): Promise<void> {
  const { json } = checkedOptions(Options, given);
  const { out } = context.terminal;
  const report = await examine(context);
  if (json) out.line(jsonLine(report));
  else sayReport(report, out);
  if (!report.canTrain) context.exit(EXIT.failed);
}

async function examine(context: Context): Promise<DoctorReport> {
  return await withWorkbench(context, async (workbench): Promise<DoctorReport> => {
    const { rungs, tfjsVersion } = await workbench.ladder();
    const taken = rungs.find(({ available, notForAuto }) => available && notForAuto === null);
    const disk = await statfs(workbench.home.folder);
    const native = NativeReport.safeParse(readReport());
    return {
      versions: {
        layerbench: context.appVersion,
        node: process.version.slice(1),
        tfjs: tfjsVersion,
        sharp: packageVersion('sharp'),
        'better-sqlite3': packageVersion('better-sqlite3'),
        platform: `${process.platform}-${process.arch}`,
      },
      ladder: rungs,
      backend: taken?.name ?? null,
      library: taken?.library ?? null,
      nativeLibrary: native.success ? native.data : null,
      threads: availableParallelism(),
      processor: cpus()[0]?.model ?? null,
      memory: { total: totalmem(), available: process.availableMemory() },
      dataFolder: {
        path: workbench.home.folder,
        free: disk.bavail * disk.bsize,
        cacheMax: workbench.home.cacheMaxBytes,
      },
      canTrain: taken !== undefined,
    };
  });
}

function sayReport(report: DoctorReport, out: Output): void {
  const { memory, dataFolder, nativeLibrary } = report;
  const columns = Math.min(out.columns ?? TEXT_COLUMNS, TEXT_COLUMNS);
  function section(title: string, text: string): void {
    out.line(out.paint('bold', title));
    out.line(text);
    out.line();
  }
  section(
    'Versions',
    pairs(Object.entries(report.versions).map(([name, version]): Pair => [name, version ?? 'not installed'])),
  );
  section(
    'Backends, the best first',
    report.ladder
      .map((rung) => {
        const state = rung.available ? out.paint('green', 'can be used') : out.paint('dim', 'cannot');
        const library = rung.library === null ? '' : `  ${rung.library}`;
        const reason = wrapped(rung.reason, columns - 11).map((line) => `           ${line}`);
        return [`  ${rung.name.padEnd(7)}  ${state}${library}`, ...reason].join('\n');
      })
      .join('\n'),
  );
  section(
    'This machine',
    pairs(
      [
        ['Processor', report.processor],
        ['Threads', String(report.threads)],
        ['Memory', `${bytesText(memory.available)} free of ${bytesText(memory.total)}`],
        [
          'Native library',
          nativeLibrary &&
            (nativeLibrary.library ??
              `none, looked for on ${nativeLibrary.date.slice(0, 10)}:\n${nativeLibrary.reasons.join('\n')}`),
        ],
        ['Data folder', dataFolder.path],
        ['Free disk', `${bytesText(dataFolder.free)}${dataFolder.free < LITTLE_SPACE ? ' (little)' : ''}`],
        ['Image cache', `at most ${bytesText(dataFolder.cacheMax)}`],
      ],
      columns,
    ),
  );
  out.line(
    report.backend === null
      ? out.paint('red', 'Nothing here can train. The reasons stand above, one a backend.')
      : `Runs are computed by ${report.library ?? report.backend} (${report.backend}), with ${counted(report.threads, 'thread')} at hand.`,
  );
}
