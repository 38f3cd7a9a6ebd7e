import type { PreparedSet, Progress } from '../../src-preload/contract/data-process.ts';
import type { UnreadableImage } from '../../src-preload/contract/dataset.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import type { EpochFigures } from '../../src-preload/contract/series.ts';
import {
  countText,
  counted,
  durationText,
  lossText,
  percentText,
  shapeText,
} from '../../src-preload/contract/figure-text.ts';
import type { Pace } from './pace.ts';
import { printableName } from './printable.ts';

/** Unreadable images that are named before the rest is only counted. */
const NAMED_IMAGES = 10;

/** `preparing 120 of 848 images` */
export function progressText({ what, done, total }: Progress): string {
  return `${what} ${countText(done)} of ${counted(total, 'image')}`;
}

/** What preparation gave: where the images came from, and those that were left out with their reasons. */
export function preparedLines(set: PreparedSet): string[] {
  return [
    `${counted(set.images, 'image')} of ${shapeText(set.inputShape)} ready in ${durationText(set.ms)}: ${decodedText(set.decoded, set.images)}`,
    ...unreadableLines(set.unreadable, NAMED_IMAGES),
  ];
}

/** Where prepared images came from, all from one place: `0 decoded, 848 from the cache`. */
export function decodedText(decoded: number, images: number): string {
  return `${countText(decoded)} decoded, ${countText(decoded === 0 ? images : 0)} from the cache`;
}

/** @param most images that are named with their reason. */
export function unreadableLines(unreadable: readonly UnreadableImage[], most = Infinity): string[] {
  if (unreadable.length === 0) return [];
  const named = unreadable.slice(0, most).map(({ path, reason }) => `  ${printableName(path)}: ${reason}`);
  const rest = unreadable.length - named.length;
  return [
    `${counted(unreadable.length, 'image')} could not be read and ${unreadable.length === 1 ? 'is' : 'are'} left out:`,
    ...named,
    ...(rest > 0 ? [`  and ${countText(rest)} more; all of them: layerbench show`] : []),
  ];
}

/** What a run trains, and on what. */
export function startedLine(run: RunRecord): string {
  const { samples, backend, config, parameters } = run;
  const images = (samples?.training ?? 0) * config.nbrClones;
  return `${counted(parameters ?? 0, 'parameter')}, ${counted(images, 'image')}, ${counted(config.nbrEpochs, 'epoch')}, on ${backend?.name ?? 'nothing'} (${backend?.library ?? ''})`;
}

/** An epoch in one line: `epoch  5/100  training 1.842 43.2%  dev 2.113 31.1%  5,930 images/s  4.0 s left` */
export function epochLine(figures: EpochFigures, epochs: number, pace: Pace): string {
  return [
    `epoch ${String(figures.epoch).padStart(String(epochs).length)}/${epochs}`,
    ...partTexts(figures),
    `${countText(pace.imagesPerSecond)} images/s`,
    `${durationText(pace.leftMs)} left`,
  ].join('  ');
}

/** `training 1.842 43.2%` and, where there is a dev part, `dev 2.113 31.1%` */
export function partTexts({ training, dev }: Pick<EpochFigures, 'training' | 'dev'>): string[] {
  const parts = [
    ['training', training],
    ['dev', dev],
  ] as const;
  return parts.flatMap(([name, figures]) =>
    figures === null
      ? []
      : [`${name} ${lossText(figures.loss)} ${percentText(figures.accuracy).padStart(6)}`],
  );
}

/** How a run ended: `finished after 100 epochs in 12.3 s` */
export function endedLine(run: RunRecord): string {
  const took = run.timings === null ? '' : ` in ${durationText(run.timings.total)}`;
  const reason = run.reason === null ? '' : `: ${run.reason}`;
  return `${run.status} after ${counted(run.epochs, 'epoch')}${took}${reason}`;
}
