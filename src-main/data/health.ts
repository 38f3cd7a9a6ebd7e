import { createHash } from 'node:crypto';
import { join } from 'node:path';
import sharp, { type Metadata } from 'sharp';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import type {
  DatasetFinding,
  DatasetGlance,
  DatasetHealth,
  DatasetSummary,
  DuplicateGroup,
  PlacedImage,
  UnreadableImage,
} from '../../src-preload/contract/dataset.ts';
import { useImage, withinMemory } from './image-file.ts';
import { inOrder } from './in-order.ts';
import { type PerceptualHash, hammingDistance, perceptualHash } from './perceptual-hash.ts';
import { freePixels } from './pixels.ts';
import { decode, MAX_PIXELS, unreadableReason } from './preparation/decode.ts';
import { partsOf, summarize } from './prepare-set.ts';
import type { ImageList } from './sources/image-list.ts';
import type { SourceOptions } from './sources/source.ts';

/** Hashes of 256 bits that differ in at most so many are near: 2 % of them. */
export const NEAR_BITS = 5;

/** Mean colours of near images are at most so many levels apart in any channel. */
export const NEAR_LEVELS = 4;

/** A class with fewer dev images than this has an accuracy that swings. */
const FEW_DEV_IMAGES = 10;

/** A size or mode is the usual one where at least this share of the images has it. */
const USUAL_SHARE = 0.8;

/** Files that a glance looks into, at most: some tenths of a second on a disk of this machine. */
const MOST_GLANCED_AT = 2000;

/** The 97.5 % point of the standard normal distribution. */
const Z_95 = 1.959964;

interface Seen extends PlacedImage {
  readonly sha256: string;
  readonly hash: PerceptualHash;
  readonly width: number;
  readonly height: number;
  readonly mode: string;
  readonly orientation: number;
}

/** Looks at every image of a set, and says what may spoil a training on it. */
export async function checkHealth(
  list: ImageList,
  config: RunConfig,
  options: SourceOptions = {},
): Promise<DatasetHealth> {
  const parts = partsOf(list, config);
  const summary = summarize(list, config);
  const seen: Seen[] = [];
  const unreadable: UnreadableImage[] = [...list.unreadable];
  const placed = list.images.map(({ path, label }, index) => ({
    path,
    className: list.classes[label] ?? '',
    part: parts[index] ?? 'test',
  }));
  for await (const image of inOrder(placed, (one) => look(list.folder, one))) {
    options.signal?.throwIfAborted();
    if ('reason' in image) unreadable.push(image);
    else seen.push(image);
    options.onProgress?.({
      what: 'checking',
      done: seen.length + unreadable.length - list.unreadable.length,
      total: list.images.length,
    });
  }
  const sizes = tally(seen.map(({ width, height }) => `${width}×${height}`)).map(([size, images]) => {
    const [width = 0, height = 0] = size.split('×').map(Number);
    return { width, height, images };
  });
  const modes = tally(seen.map(({ mode }) => mode)).map(([mode, images]) => ({ mode, images }));
  const usualSize =
    sizes[0] !== undefined && sizes[0].images >= USUAL_SHARE * seen.length ? sizes[0] : undefined;
  const usualMode =
    modes[0] !== undefined && modes[0].images >= USUAL_SHARE * seen.length ? modes[0] : undefined;
  const facts: Omit<DatasetHealth, 'findings'> = {
    summary,
    unreadable,
    duplicates: duplicateGroups(seen),
    sizes,
    oddSizes:
      usualSize === undefined
        ? []
        : seen
            .filter(({ width, height }) => width !== usualSize.width || height !== usualSize.height)
            .map(({ path, width, height }) => ({ path, width, height })),
    modes,
    oddModes:
      usualMode === undefined
        ? []
        : seen.filter(({ mode }) => mode !== usualMode.mode).map(({ path, mode }) => ({ path, mode })),
    turned: seen
      .filter(({ orientation }) => orientation > 1)
      .map(({ path, orientation }) => ({ path, orientation })),
    ...balanceOf(summary, config),
  };
  return { ...facts, findings: findingsOf(facts) };
}

/**
 * Says what may spoil a training as far as can be seen at once: from the list of a set, and from the heads of its
 * files, of all or of so many, evenly spread. An image whose later part is damaged is only found by `checkHealth`.
 */
export async function glanceAt(
  list: ImageList,
  config: RunConfig,
  options: SourceOptions = {},
): Promise<DatasetGlance> {
  const summary = summarize(list, config);
  const looked = Math.min(list.images.length, MOST_GLANCED_AT);
  const spread = Array.from(
    { length: looked },
    (_, index) => list.images[Math.floor((index * list.images.length) / looked)]?.path ?? '',
  );
  const unreadable: UnreadableImage[] = [];
  for await (const { path, reason } of inOrder(spread, (one) => lookAtHead(list.folder, one))) {
    options.signal?.throwIfAborted();
    if (reason !== null) unreadable.push({ path, reason });
  }
  const isAll = looked === list.images.length;
  if (isAll) unreadable.push(...list.unreadable);
  return {
    images: list.images.length,
    looked,
    findings: [
      ...unreadableFindings(unreadable, isAll ? '' : ` of the ${looked} that were looked into`),
      ...balanceFindings({ summary, ...balanceOf(summary, config) }),
    ],
  };
}

/** Decodes nothing: whatever begins as an image is taken for one. */
async function lookAtHead(folder: string, path: string): Promise<{ path: string; reason: string | null }> {
  try {
    await withinMemory((granted) =>
      useImage(join(folder, path), { granted, copies: 0 }, (encoded) =>
        sharp(encoded, { limitInputPixels: MAX_PIXELS }).metadata(),
      ),
    );
    return { path, reason: null };
  } catch (error) {
    return { path, reason: unreadableReason(error) };
  }
}

/** What the sizes of the classes and of their dev parts say. */
function balanceOf(
  summary: DatasetSummary,
  config: RunConfig,
): Pick<DatasetHealth, 'imbalance' | 'fewDevImages'> {
  const classSizes = summary.classes.map(({ images }) => images);
  return {
    imbalance: Math.max(...classSizes) / Math.max(1, Math.min(...classSizes)),
    fewDevImages: summary.classes
      .filter(({ parts: { dev } }) => config.partitions.dev > 0 && dev < FEW_DEV_IMAGES)
      .map(({ name, parts: { dev } }) => ({
        className: name,
        dev,
        halfWidth: wilsonHalfWidth(dev),
        oneImage: dev === 0 ? 1 : 1 / dev,
      })),
  };
}

async function look(folder: string, placed: PlacedImage): Promise<Seen | UnreadableImage> {
  try {
    return await withinMemory((granted) =>
      useImage(join(folder, placed.path), { granted, copies: 0 }, async (encoded, mostPixels) => {
        const pixels = await decode(encoded, mostPixels);
        const metadata = await sharp(encoded, { limitInputPixels: mostPixels }).metadata();
        const seen = {
          ...placed,
          sha256: createHash('sha256')
            .update(`${pixels.width}×${pixels.height}:`)
            .update(pixels.data)
            .digest('hex'),
          hash: await perceptualHash(pixels),
          width: pixels.width,
          height: pixels.height,
          mode: modeOf(metadata),
          orientation: metadata.orientation ?? 1,
        };
        freePixels(pixels);
        return seen;
      }),
    );
  } catch (error) {
    return { path: placed.path, reason: unreadableReason(error) };
  }
}

function modeOf({ space, hasAlpha, depth, isPalette }: Metadata): string {
  const name = space.startsWith('grey') || space === 'b-w' ? 'grey' : space === 'cmyk' ? 'cmyk' : 'rgb';
  const bits = depth === 'ushort' ? '16-bit ' : '';
  return `${bits}${isPalette ? 'palette' : name}${hasAlpha ? '+alpha' : ''}`;
}

/** How often each text comes, most frequent first. */
function tally(texts: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/**
 * Half the width of the 95 % Wilson score interval of a share of a half measured on n images (E. B. Wilson, 1927);
 * 0.5 where there are none.
 */
export function wilsonHalfWidth(images: number): number {
  if (images === 0) return 0.5;
  const square = Z_95 * Z_95;
  return (Z_95 * Math.sqrt(0.25 / images + square / (4 * images * images))) / (1 + square / images);
}

function duplicateGroups(seen: readonly Seen[]): DuplicateGroup[] {
  const bySha = new Map<string, Seen[]>();
  for (const image of seen) {
    const same = bySha.get(image.sha256);
    if (same === undefined) bySha.set(image.sha256, [image]);
    else same.push(image);
  }
  const exact = [...bySha.values()]
    .filter((group) => group.length > 1)
    .map((group) => groupOf('exact', 0, group));
  return [
    ...exact,
    ...nearGroups([...bySha.values()].flatMap(([first]) => (first === undefined ? [] : [first]))),
  ].sort((one, other) => Number(other.leak) - Number(one.leak));
}

function nearGroups(images: readonly Seen[]): DuplicateGroup[] {
  // Sorted by mean, an image needs to be held only against those that follow within the allowed levels.
  const sorted = [...images].sort((one, other) => one.hash.mean[0] - other.hash.mean[0]);
  const groups: DuplicateGroup[] = [];
  const grouped = new Set<Seen>();
  for (const [index, image] of sorted.entries()) {
    if (grouped.has(image)) continue;
    const near: Seen[] = [image];
    let farthest = 0;
    for (let next = index + 1; next < sorted.length; next++) {
      const other = sorted[next];
      if (other === undefined || other.hash.mean[0] - image.hash.mean[0] > NEAR_LEVELS) break;
      if (grouped.has(other) || !alikeInColour(image.hash, other.hash)) continue;
      const distance = hammingDistance(image.hash.words, other.hash.words, NEAR_BITS);
      if (distance > NEAR_BITS) continue;
      near.push(other);
      farthest = Math.max(farthest, distance);
    }
    if (near.length < 2) continue;
    for (const one of near) grouped.add(one);
    groups.push(groupOf('near', farthest, near));
  }
  return groups;
}

function alikeInColour(one: PerceptualHash, other: PerceptualHash): boolean {
  // Without any structure only the colour is left to tell two images apart, so it must be the same.
  const flat = one.words.every((word) => word === 0) && other.words.every((word) => word === 0);
  const levels = flat ? 0.5 : NEAR_LEVELS;
  return one.mean.every((value, channel) => Math.abs(value - (other.mean[channel] ?? 0)) <= levels);
}

function groupOf(kind: 'exact' | 'near', distance: number, images: readonly Seen[]): DuplicateGroup {
  return {
    kind,
    distance,
    images: images.map(({ path, className, part }) => ({ path, className, part })),
    leak: new Set(images.map(({ part }) => part)).size > 1,
    mislabelled: new Set(images.map(({ className }) => className)).size > 1,
  };
}

function findingsOf(facts: Omit<DatasetHealth, 'findings'>): DatasetFinding[] {
  const errors: DatasetFinding[] = [];
  const warnings: DatasetFinding[] = [];
  const notes: DatasetFinding[] = [];
  for (const group of facts.duplicates) {
    const [first, second] = pairOf(group);
    const alike =
      group.kind === 'exact'
        ? 'the same picture'
        : `nearly the same picture (${group.distance} of 256 bits apart)`;
    if (group.mislabelled) {
      errors.push({
        severity: 'error',
        message: `${first.path} and ${second.path} are ${alike} in two classes: one of the labels is wrong.`,
      });
    }
    if (group.leak) {
      const apart = group.images.find(({ part }) => part !== first.part) ?? second;
      errors.push({
        severity: 'error',
        message: `Leak: ${first.path} (${first.part}) and ${apart.path} (${apart.part}) are ${alike}, so what is learnt in one part is asked in the other.`,
      });
    }
  }
  const within = facts.duplicates.filter(({ leak, mislabelled }) => !leak && !mislabelled);
  if (within.length > 0) {
    warnings.push({
      severity: 'warning',
      message: `${within.length} ${within.length === 1 ? 'group of images is' : 'groups of images are'} the same or nearly the same within one part, such as ${
        within[0]?.images
          .map(({ path }) => path)
          .slice(0, 2)
          .join(' and ') ?? ''
      }.`,
    });
  }
  warnings.push(...unreadableFindings(facts.unreadable, ''), ...balanceFindings(facts));
  if (facts.oddSizes.length > 0) {
    notes.push({
      severity: 'note',
      message: `${facts.oddSizes.length} images are not of the usual size ${facts.sizes[0]?.width ?? 0}×${facts.sizes[0]?.height ?? 0}, such as ${facts.oddSizes[0]?.path ?? ''} (${facts.oddSizes[0]?.width ?? 0}×${facts.oddSizes[0]?.height ?? 0}).`,
    });
  }
  if (facts.oddModes.length > 0) {
    notes.push({
      severity: 'note',
      message: `${facts.oddModes.length} images are not ${facts.modes[0]?.mode ?? ''} like most, such as ${facts.oddModes[0]?.path ?? ''} (${facts.oddModes[0]?.mode ?? ''}).`,
    });
  }
  if (facts.turned.length > 0) {
    notes.push({
      severity: 'note',
      message: `${facts.turned.length} images are turned or mirrored by their EXIF orientation, such as ${facts.turned[0]?.path ?? ''}; they are turned upright.`,
    });
  }
  return [...errors, ...warnings, ...notes];
}

/** @param among which files they are counted of, where not of all. */
function unreadableFindings(unreadable: readonly UnreadableImage[], among: string): DatasetFinding[] {
  const [first] = unreadable;
  if (first === undefined) return [];
  const files = unreadable.length === 1 ? 'file' : 'files';
  return [
    {
      severity: 'warning',
      message: `${unreadable.length} ${files}${among} cannot be read and will be left out, such as ${first.path}: ${first.reason}`,
    },
  ];
}

function balanceFindings(
  facts: Pick<DatasetHealth, 'summary' | 'imbalance' | 'fewDevImages'>,
): DatasetFinding[] {
  const warnings: DatasetFinding[] = [];
  if (facts.imbalance >= 1.5) {
    const bySize = [...facts.summary.classes].sort((one, other) => other.images - one.images);
    const [largest, smallest] = [bySize[0], bySize.at(-1)];
    warnings.push({
      severity: 'warning',
      message: `Classes are out of balance: ${largest?.name ?? ''} has ${largest?.images ?? 0} images, ${smallest?.name ?? ''} ${smallest?.images ?? 0} (${facts.imbalance.toFixed(1)} times fewer).`,
    });
  }
  for (const { className, dev, halfWidth, oneImage } of facts.fewDevImages) {
    warnings.push({
      severity: 'warning',
      message:
        dev === 0
          ? `Class ${className} has no dev image: nothing can be said of its accuracy.`
          : `Class ${className} has ${dev} dev ${dev === 1 ? 'image' : 'images'}: each is worth ${percent(oneImage)} of its accuracy, which is known to within ± ${percent(halfWidth)} only.`,
    });
  }
  return warnings;
}

function pairOf({ images: [first, second] }: DuplicateGroup): [PlacedImage, PlacedImage] {
  if (first === undefined || second === undefined)
    throw new Error('A group of duplicates has fewer than two images.');
  return [first, second];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
