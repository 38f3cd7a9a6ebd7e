import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { TrainingFigures } from './training-run.ts';

const run = promisify(execFile);
const Figures = z.object({
  library: z.string(),
  milliseconds: z.array(z.number()),
  losses: z.array(z.number()),
  peakBytes: z.number(),
});

/** Where Debian puts what it installs for Python; another one on the PATH may not see it. */
export const PYTHON = '/usr/bin/python3';

/** Trains a staged case with a peer in a process of its own. */
export async function trainPeer(
  script: 'pytorch.py' | 'numpy_network.py' | 'model-fit.ts',
  folder: string,
): Promise<TrainingFigures> {
  const program = script.endsWith('.py') ? PYTHON : process.execPath;
  const { stdout } = await run(program, [join(import.meta.dirname, 'peers', script), folder], {
    maxBuffer: 1e8,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2', NODE_NO_WARNINGS: '1' },
  });
  return Figures.parse(JSON.parse(stdout.slice(stdout.indexOf('{'))));
}
