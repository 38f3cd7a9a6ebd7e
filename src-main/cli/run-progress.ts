import type { RunEvent } from '../../src-preload/contract/events.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { type PaceKeeper, createPaceKeeper } from './pace.ts';
import { type BarState, LONGEST_NAME, progressBars } from './progress-bars.ts';
import { endedLine, epochLine, preparedLines, progressText, startedLine } from './run-messages.ts';
import { printableName } from './printable.ts';
import type { Output } from './terminal.ts';
import { cutName } from './text-table.ts';

/** Shows how runs come along, from the events that tell of them. */
export interface RunProgress {
  see(event: RunEvent): void;
  /** Writes a line that is of no run. */
  say(line: string): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Where there is no terminal: epochs of a run that get a line, and the longest time without one, in ms. */
const LINES_A_RUN = 20;
const QUIET_MS = 10_000;

/**
 * Whether an epoch gets a line where lines cannot be written over: the first, the last, some between, and any after a
 * long silence.
 */
export function isLineDue(epoch: number, epochs: number, quietMs: number): boolean {
  const every = Math.max(1, Math.ceil(epochs / LINES_A_RUN));
  return epoch === 1 || epoch === epochs || epoch % every === 0 || quietMs >= QUIET_MS;
}

/** Progress bars where the output is a terminal, else lines. */
export function showRunProgress(output: Output, runs: readonly RunRecord[]): RunProgress {
  const begunMs = performance.now();
  const states = new Map<string, { run: RunRecord; pace: PaceKeeper | undefined; saidMs: number }>(
    runs.map((run) => [run.id, { run, pace: undefined, saidMs: begunMs }]),
  );
  const names = Math.max(...runs.map(({ name }) => name.length));
  const bars = output.columns === undefined ? undefined : progressBars(output, names);

  function bar(id: string, change: Partial<BarState>): void {
    bars?.update(id, change);
  }
  function say(name: string, lines: readonly string[]): void {
    const label = bars === undefined ? name : cutName(name, LONGEST_NAME);
    for (const line of lines) sayLine(`${output.paint('bold', label)}  ${line}`);
  }
  function sayLine(line: string): void {
    if (bars === undefined) output.line(line);
    else bars.log(line);
  }

  return {
    see(event) {
      const id = typeof event.run === 'string' ? event.run : event.run.id;
      const state = states.get(id);
      if (state === undefined) return;
      const { name, config } = state.run;
      const now = performance.now();
      switch (event.kind) {
        case 'queued':
          break;
        case 'preparing':
          bars?.start(id, name);
          bar(id, {
            share: event.progress.total === 0 ? 0 : event.progress.done / event.progress.total,
            texts: [progressText(event.progress)],
            rate: '',
          });
          if (bars === undefined && now - state.saidMs >= QUIET_MS) {
            state.saidMs = now;
            say(name, [progressText(event.progress)]);
          }
          break;
        case 'prepared':
          say(name, preparedLines(event.set));
          break;
        case 'started':
          state.run = event.run;
          state.pace = createPaceKeeper(
            (event.run.samples?.training ?? 0) * config.nbrClones,
            config.nbrEpochs,
          );
          say(name, [startedLine(event.run)]);
          bars?.start(id, name);
          bar(id, { share: 0, texts: ['first epoch'], rate: '' });
          break;
        case 'batch':
          bar(id, { share: (event.epoch - 1 + event.done / event.total) / config.nbrEpochs });
          break;
        case 'epoch': {
          const pace = state.pace?.add(event.figures);
          if (pace === undefined) break;
          if (bars !== undefined) bars.epoch(id, event.figures, config.nbrEpochs, pace);
          else if (isLineDue(event.figures.epoch, config.nbrEpochs, now - state.saidMs)) {
            state.saidMs = now;
            say(name, [epochLine(event.figures, config.nbrEpochs, pace)]);
          }
          break;
        }
        case 'notice':
          say(name, [output.paint('yellow', printableName(event.message))]);
          break;
        case 'ended':
          bars?.end(id);
          say(name, [
            event.run.status === 'finished'
              ? endedLine(event.run)
              : output.paint(event.run.status === 'failed' ? 'red' : 'yellow', endedLine(event.run)),
          ]);
          break;
      }
    },
    say: sayLine,
    close() {
      bars?.close();
    },
  };
}
