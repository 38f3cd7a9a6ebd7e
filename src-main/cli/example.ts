import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exampleConfig } from '../../src-preload/contract/example.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { Workbench } from '../workbench/workbench.ts';
import type { Context } from './context.ts';
import { drawCurves } from './draw-curves.ts';
import { withWorkbench } from './open-workbench.ts';
import { trainRuns } from './train-runs.ts';
import { writeWhole } from './write-whole.ts';

/** `layerbench example`: trains experiment K on the built-in numbers and draws its curves into the data folder. */
export async function example(context: Context): Promise<void> {
  const { terminal } = context;
  terminal.err.line('Example: drawn digits, prepared in full, and a network of 16 hidden units.');
  await withWorkbench(context, async (workbench) => {
    const queued = workbench.launch([exampleConfig()]);
    const { runs, exitCode } = await trainRuns(workbench, queued, { context, json: false, jobs: 1 });
    const [run] = runs;
    if (run !== undefined && run.epochs > 0) {
      terminal.out.line(`Its curves:   ${await drawPicture(workbench, run, context)}`);
      terminal.out.line();
      terminal.out.line(`Your own images next: ${context.program} train --dataset=FOLDER`);
    }
    context.exit(exitCode);
  });
}

/** @returns the path of the picture. */
async function drawPicture(workbench: Workbench, run: RunRecord, context: Context): Promise<string> {
  const { fontFilesIn, renderPng } = await import('../../src-renderer/charts/headless.ts');
  const svg = await drawCurves(
    workbench,
    [run],
    { quantity: 'accuracy' },
    { width: 1200, height: 750, theme: 'light' },
    context.fonts,
  );
  const folder = join(workbench.home.runs, run.id);
  await mkdir(folder, { recursive: true });
  return await writeWhole(
    join(folder, 'accuracy.png'),
    renderPng(svg, { fonts: fontFilesIn(context.fonts) }),
  );
}
