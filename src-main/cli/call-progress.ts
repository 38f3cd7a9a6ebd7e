import { once } from 'node:events';
import type { Progress } from '../../src-preload/contract/data-process.ts';
import { EXIT } from './exit-code.ts';
import { Interrupted, onInterruption } from './interruption.ts';
import { progressBars } from './progress-bars.ts';
import { progressText } from './run-messages.ts';
import type { Output } from './terminal.ts';

/** Milliseconds between two lines where lines cannot be written over, and before the first. */
const QUIET_MS = 5000;

/**
 * Shows how far an action has come that draws, lists or checks images, and leaves the terminal as it was.
 * @throws Interrupted when a signal asks to end: the action is left alone, whoever owns its processes ends them.
 */
export async function withCallProgress<Result>(
  output: Output,
  action: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  const id = 'call';
  const bars = output.columns === undefined ? undefined : progressBars(output, 0);
  let saidMs = performance.now();
  const ending = new AbortController();
  const interruption = onInterruption({
    tidy() {
      ending.abort();
    },
    // Nothing is left to be hurried: the first signal has ended it.
    atOnce: () => undefined,
  });
  async function interrupted(): Promise<never> {
    await once(ending.signal, 'abort');
    throw new Interrupted(interruption.exitCode() ?? EXIT.failed);
  }
  try {
    const under = action((progress) => {
      bars?.start(id, '');
      bars?.update(id, {
        share: progress.total === 0 ? 0 : progress.done / progress.total,
        texts: [progressText(progress)],
      });
      if (bars === undefined && performance.now() - saidMs >= QUIET_MS) {
        saidMs = performance.now();
        output.line(progressText(progress));
      }
    });
    return await Promise.race([under, interrupted()]);
  } finally {
    interruption.close();
    bars?.end(id);
    bars?.close();
  }
}
