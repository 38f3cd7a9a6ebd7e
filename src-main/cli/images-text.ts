import type { ImageComparison } from '../workbench/workbench.ts';
import { countText, percentText } from '../../src-preload/contract/figure-text.ts';
import { printableName } from './printable.ts';
import { wrapped } from './text-table.ts';

/** Images that either of two runs alone gets right are named up to so many; the rest is counted. */
const NAMED_IMAGES = 5;

/** Two runs on the dev images that both were asked about, in sentences of at most so many columns. */
export function imagesText(
  { images, accuracies, intervals, difference, interval, pValue, onlyFirst, onlySecond }: ImageComparison,
  [first, second]: readonly [string, string],
  columns: number,
): string[] {
  const [one, other] = [0, 1].map((index) => {
    const { low, high } = intervals[index] ?? { low: NaN, high: NaN };
    return `${percentText(accuracies[index])} (${percentText(low)} to ${percentText(high)})`;
  });
  const range =
    interval === null ? '' : `, ${points(interval.low)} to ${points(interval.high)} with 95 % confidence`;
  const chance = pValue < 0.001 ? 'less than 0.001' : pValue.toFixed(3);
  return [
    `Right of ${countText(images)} images: ${first} ${one ?? ''}, ${second} ${other ?? ''}.`,
    `${second} is ${points(difference)} from ${first}${range}. Were both equally good, a difference this large would come with probability ${chance} (McNemar's exact test).`,
    alone(first, onlyFirst),
    alone(second, onlySecond),
  ].flatMap((sentence) => wrapped(sentence, columns));
}

function alone(name: string, paths: readonly string[]): string {
  if (paths.length === 0) return `No image is right with ${name} alone.`;
  const rest = paths.length - NAMED_IMAGES;
  const more = rest > 0 ? ` and ${countText(rest)} more` : '';
  return `Right with ${name} alone: ${paths.slice(0, NAMED_IMAGES).map(printableName).join(', ')}${more}.`;
}

function points(share: number): string {
  const value = 100 * share;
  return `${value > 0 ? '+' : ''}${value.toFixed(1)} points`;
}
