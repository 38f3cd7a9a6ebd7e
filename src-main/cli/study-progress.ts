import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { RunEvent } from '../../src-preload/contract/events.ts';
import { durationText, percentText } from '../../src-preload/contract/figure-text.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { progressBars } from './progress-bars.ts';
import type { Output } from './terminal.ts';

/** One progress for all runs of a study. */
export interface StudyProgress {
  see(event: RunEvent): void;
  /** Writes a line that is of no run. */
  say(line: string): void;
  close(): void;
}

const STUDY = 'study';

/** A line for each run that ends, and where the output is a terminal one bar for the whole. */
export function showStudyProgress(output: Output, runs: readonly RunRecord[]): StudyProgress {
  const begunMs = performance.now();
  const all = runs.reduce((sum, { config }) => sum + effortOf(config), 0);
  const done = new Map(runs.map(({ id, config, epochs }) => [id, shareOf(config, epochs)]));
  const before = [...done.values()].reduce((sum, share) => sum + share, 0);
  const bars = output.columns === undefined ? undefined : progressBars(output, STUDY.length);
  let ended = 0;
  bars?.start(STUDY, STUDY);

  function share(): number {
    return [...done.values()].reduce((sum, one) => sum + one, 0) / all;
  }
  function leftText(): string {
    const now = share();
    const gone = now - before / all;
    if (gone <= 0) return '';
    return `about ${durationText(((performance.now() - begunMs) / gone) * (1 - now))} left`;
  }
  function draw(): void {
    bars?.update(STUDY, { share: share(), texts: [`${ended}/${runs.length}`, leftText()] });
  }
  function say(line: string): void {
    if (bars === undefined) output.line(line);
    else bars.log(line);
  }
  const configOf = new Map(runs.map(({ id, config }) => [id, config]));
  draw();

  return {
    see(event) {
      const id = typeof event.run === 'string' ? event.run : event.run.id;
      const config = configOf.get(id);
      if (config === undefined) return;
      if (event.kind === 'epoch') {
        done.set(id, shareOf(config, event.figures.epoch));
        draw();
      } else if (event.kind === 'ended') {
        const { name, status, last, startedAt } = event.run;
        // Of a study that is ended by its user hundreds may not have begun.
        if (startedAt === null && status === 'stopped') return;
        ended++;
        if (status === 'finished') done.set(id, effortOf(config));
        const accuracies =
          last === null
            ? ''
            : `  training ${percentText(last.training.accuracy)}  dev ${percentText(last.dev?.accuracy)}`;
        const left = ended < runs.length ? `  ${leftText()}` : '';
        say(`${ended}/${runs.length}  ${name} ${status}${accuracies}${left}`);
        draw();
      }
    },
    say,
    close() {
      bars?.end(STUDY);
      bars?.close();
    },
  };
}

/** What a run costs beside another one, roughly: the multiplications of its first layer, and something for each image. */
function effortOf({ nbrEpochs, nbrClones, resize, grayscale, layers }: RunConfig): number {
  const inputs = resize.width * resize.height * (grayscale ? 1 : 3);
  return nbrEpochs * nbrClones * (inputs * ((layers[0] ?? 10) + 20) + 20_000);
}

function shareOf(config: RunConfig, epochs: number): number {
  return effortOf(config) * Math.min(1, epochs / config.nbrEpochs);
}
