import { join } from 'node:path';
import sharp from 'sharp';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type {
  ClassSamples,
  EncodedPicture,
  PreparationPreview,
  Thumbnail,
} from '../../src-preload/contract/pictures.ts';
import { createAugmenter } from './augmentation/augment.ts';
import { useImage, withinMemory } from './image-file.ts';
import { freePixels, type Pixels } from './pixels.ts';
import { checkSides, decode, unreadableReason } from './preparation/decode.ts';
import { prepareFile } from './prepare-file.ts';
import { preparationCopies } from './preparation/prepare.ts';
import { stepsOf } from './preparation/steps.ts';
import type { ImageList } from './sources/image-list.ts';

/** The longest side that a picture is shown with, in pixels. */
const MOST_SIDE = 240;

/** Decoded images that are kept, so that a changed option costs its own step alone, and the most bytes of one. */
const KEPT_DECODED = 4;
const MOST_KEPT_BYTES = 12_000_000;
const decoded = new Map<string, Pixels>();

/** Images of each class, evenly spread over its list, so that its beginning does not stand for all. */
export function samplesOf(list: ImageList, perClass: number): ClassSamples[] {
  return list.classes.map((className, label) => {
    const own = list.images.filter((image) => image.label === label);
    const count = Math.min(perClass, own.length);
    const images = Array.from(
      { length: count },
      (_, index) => own[Math.floor((index * own.length) / count)]?.path ?? '',
    );
    return { className, images };
  });
}

/** Small pictures of images as they are. @throws UserError for a path that is no image of the set. */
export async function thumbnailsOf(list: ImageList, paths: readonly string[]): Promise<Thumbnail[]> {
  const files = filesOf(list, paths);
  return Promise.all(
    files.map(async ({ path, file }): Promise<Thumbnail> => {
      try {
        const { data, info } = await withinMemory((granted) =>
          useImage(file, { granted, copies: 0 }, async (image, mostPixels) => {
            const encoded = sharp(image, { limitInputPixels: mostPixels });
            checkSides(await encoded.metadata());
            return encoded
              .autoOrient()
              .resize({ width: MOST_SIDE, height: MOST_SIDE, fit: 'inside', withoutEnlargement: true })
              .png({ compressionLevel: 3 })
              .toBuffer({ resolveWithObject: true });
          }),
        );
        return {
          path,
          picture: { width: info.width, height: info.height, png: bytesOf(data) },
          reason: null,
        };
      } catch (error) {
        return { path, picture: null, reason: unreadableReason(error) };
      }
    }),
  );
}

/** Images as a network gets them before augmentation, at their own size. @throws UserError likewise. */
export async function preparedPictures(
  list: ImageList,
  config: RunConfig,
  paths: readonly string[],
): Promise<Thumbnail[]> {
  return Promise.all(
    filesOf(list, paths).map(async ({ path, file }): Promise<Thumbnail> => {
      const outcome = await withinMemory((granted) => prepareFile(file, config, granted));
      return 'reason' in outcome
        ? { path, picture: null, reason: outcome.reason }
        : { path, picture: await pictureOf(outcome.pixels), reason: null };
    }),
  );
}

/**
 * An image after each step that a configuration asks for, and so many draws of its augmentation.
 * @param draw which draws: they depend on it, the data set's seed and the image alone.
 * @throws UserError for a path that is no image of the set, and for an image that cannot be read.
 */
export async function previewOf(
  list: ImageList,
  config: RunConfig,
  { path, draw, draws }: { readonly path: string; readonly draw: number; readonly draws: number },
): Promise<PreparationPreview> {
  const [place] = filesOf(list, [path]);
  if (place === undefined) throw new UserError('No image was named.');
  const { steps, last } = await stepsOfFile(place.file, path, config);
  const augmenter = createAugmenter(
    { pixels: last.data, count: 1, height: last.height, width: last.width, channels: last.channels },
    {
      clones: draws,
      rotAngle: config.rotAngle,
      noiseIntensity: config.noiseIntensity,
      seed: config.datasetSeed,
    },
  );
  const size = last.width * last.height * last.channels;
  const values = augmenter.constant ? new Float32Array() : augmenter.epoch(draw);
  return {
    path,
    steps,
    augmented: await Promise.all(
      Array.from({ length: augmenter.constant ? 0 : draws }, (_, clone) =>
        pictureOf({
          ...last,
          data: Uint8Array.from(values.subarray(clone * size, (clone + 1) * size), (value) =>
            Math.round(value * 255),
          ),
        }),
      ),
    ),
  };
}

/** Only files that the set lists: whatever else is named is not there. */
function filesOf(list: ImageList, paths: readonly string[]): { path: string; file: string }[] {
  const known = new Set(list.images.map(({ path }) => path));
  return paths.map((path) => {
    if (!known.has(path)) throw new UserError(`${list.name} has no image ${path}.`);
    return { path, file: join(list.folder, path) };
  });
}

/** Pictures of an image after each step, and its pixels after the last. */
interface Stepped {
  readonly steps: PreparationPreview['steps'];
  readonly last: Pixels;
}

async function stepsOfFile(file: string, path: string, config: RunConfig): Promise<Stepped> {
  const before = decoded.get(file);
  if (before !== undefined) return stepsFrom(before, config);
  try {
    return await withinMemory((granted) =>
      useImage(file, { granted, copies: preparationCopies(config) }, async (encoded, mostPixels) => {
        const image = await decode(encoded, mostPixels);
        const stepped = await stepsFrom(image, config);
        if (image.data.byteLength <= MOST_KEPT_BYTES) keepDecoded(file, image);
        else if (image.data.buffer !== stepped.last.data.buffer) freePixels(image);
        return stepped;
      }),
    );
  } catch (error) {
    throw new UserError(`${path}: ${unreadableReason(error)}`);
  }
}

async function stepsFrom(decodedImage: Pixels, config: RunConfig): Promise<Stepped> {
  const steps = [await stepOf('decoded', decodedImage)];
  let last = decodedImage;
  for (const { name, apply } of stepsOf(config)) {
    const before = last;
    last = apply(before);
    steps.push(await stepOf(name, last));
    if (before !== decodedImage && before.data.buffer !== last.data.buffer) freePixels(before);
  }
  return { steps, last };
}

async function stepOf(
  name: PreparationPreview['steps'][number]['name'],
  pixels: Pixels,
): Promise<PreparationPreview['steps'][number]> {
  const { width, height, channels } = pixels;
  return { name, width, height, channels, picture: await pictureOf(pixels) };
}

function keepDecoded(file: string, image: Pixels): void {
  decoded.set(file, image);
  const [oldest] = decoded.keys();
  if (decoded.size > KEPT_DECODED && oldest !== undefined) decoded.delete(oldest);
}

async function pictureOf({ width, height, channels, data }: Pixels): Promise<EncodedPicture> {
  const raw = sharp(data, { raw: { width, height, channels } });
  const small =
    Math.max(width, height) > MOST_SIDE
      ? raw.resize({ width: MOST_SIDE, height: MOST_SIDE, fit: 'inside' })
      : raw;
  const { data: png, info } = await small.png({ compressionLevel: 3 }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, png: bytesOf(png) };
}

/** A buffer of Node's is more than its bytes. */
function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
