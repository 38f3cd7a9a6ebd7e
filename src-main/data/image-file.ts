import { type FileHandle, open } from 'node:fs/promises';
import sharp from 'sharp';
import { decodingNeed } from './decoding-need.ts';
import { FORMAT_BYTES, formatOf, type ImageFormat } from './image-format.ts';
import { jpegMetadataBytes, readPngMetadata, type ReadAt, type Stretch } from './image-metadata.ts';
import { collectGarbage } from './collect-garbage.ts';
import { createMemoryBudget } from './memory-budget.ts';
import { checkSides, type EncodedImage, hasTooManyPixels, MAX_PIXELS } from './preparation/decode.ts';
import { ImageRefusal } from './preparation/image-refusal.ts';

/**
 * Bytes that decoding and the steps after it may hold at once in one process: with what the process takes by itself it
 * stays below 512 MB. An image that needs more is refused.
 */
const DECODING_BYTES = 345_000_000;

/** What so many bytes were set aside for is really given back before they are granted again. */
const COLLECTED_BYTES = 64_000_000;

/** Files of more bytes than this are refused unread: no image of a size that is taken needs so many. */
const MAX_FILE_BYTES = 256_000_000;

/** A file of so few bytes, and of no more pixels than 640×480, is decoded without a look at its head before. */
const SMALL_BYTES = 1_000_000;
const SMALL_PIXELS = 307_200;

/** Bytes that a small image takes at most, with some copies of its pixels, in the format that takes most. */
const SMALL_NEED = SMALL_PIXELS * 26;

/** Metadata that a small image may have, in bytes as the decoder holds them. */
const SMALL_METADATA = 4_000_000;

/** A PNG may have so many bytes of text before they are left out: a few can be inflated to many. */
const MOST_TEXT = 4096;

/** A JPEG of more bytes of metadata is refused: its decoder holds them four times. */
const MOST_METADATA = 16_000_000;

/** The decoder takes so many bytes of a TIFF's tags and no more, and holds them up to eight times. */
const MOST_TAGS = 50_000_000;
const TAG_COPIES = 8;
/** Tags of a TIFF may all point at the same bytes: so many of them are held. */
const TAGS = 20;

/** Thrown by work on an image that has to be done with so much memory set aside for it. */
export class NeedsMemory extends Error {
  override readonly name = 'NeedsMemory';
  readonly bytes: number;
  constructor(bytes: number) {
    super(`It needs ${bytes} bytes of memory.`);
    this.bytes = bytes;
  }
}

/** Of all that this process decodes. */
const budget = createMemoryBudget(DECODING_BYTES);

/**
 * Does work on an image within the memory that there is for all images of this process: first as if the image were
 * small; where it is not, again with what it needs.
 * @param work gets the bytes that are granted. @throws NeedsMemory where it needs more.
 * @throws whatever else the work throws.
 */
export async function withinMemory<Result>(work: (granted: number) => Promise<Result>): Promise<Result> {
  let granted = SMALL_NEED;
  for (;;) {
    try {
      return await budget.take(granted, async () => {
        try {
          return await work(granted);
        } finally {
          if (granted >= COLLECTED_BYTES) collectGarbage();
        }
      });
    } catch (error) {
      if (!(error instanceof NeedsMemory) || error.bytes <= granted) throw error;
      granted = error.bytes;
    }
  }
}

/**
 * Opens an image file and uses it. What it takes is read from its head before anything is decoded.
 * @param granted bytes of memory that are set aside for it.
 * @param copies how many more times its decoded pixels are held by what is done to them.
 * @param use gets the image, and the most pixels that it may have.
 * @throws NeedsMemory where more has to be granted. @throws ImageRefusal for one that is not taken.
 */
export async function useImage<Result>(
  file: string,
  { granted, copies }: { readonly granted: number; readonly copies: number },
  use: (image: EncodedImage, mostPixels: number) => Promise<Result>,
): Promise<Result> {
  const { image, metadata } = await openImage(file, granted);
  const looksSmall = typeof image !== 'string' && image.length <= SMALL_BYTES && metadata <= SMALL_METADATA;
  if (looksSmall && granted <= SMALL_NEED) {
    try {
      return await use(image, SMALL_PIXELS);
    } catch (error) {
      if (!hasTooManyPixels(error)) throw error;
    }
  }
  const held = metadata + (typeof image === 'string' ? 0 : image.length);
  if (granted < held) throw new NeedsMemory(held);
  const head = await sharp(image, { limitInputPixels: MAX_PIXELS }).metadata();
  checkSides(head);
  const need = decodingNeed(head, copies) + held;
  if (need > DECODING_BYTES) {
    throw new ImageRefusal(
      `Decoding it would take ${Math.ceil(need / 1e6)} MB of memory, more than the ${DECODING_BYTES / 1e6} MB that there are for images.`,
    );
  }
  if (granted < need) throw new NeedsMemory(need);
  return use(image, head.width * head.height);
}

/** A file as the decoder gets it, and the most bytes that its metadata takes. */
async function openImage(
  file: string,
  granted: number,
): Promise<{ readonly image: EncodedImage; readonly metadata: number }> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > MAX_FILE_BYTES)
      throw new ImageRefusal(`It has more than ${MAX_FILE_BYTES / 1e6} million bytes.`);
    const whole = size <= SMALL_BYTES ? await handle.readFile() : undefined;
    const readAt: ReadAt =
      whole === undefined
        ? (position, length) => readPiece(handle, position, length)
        : (position, length) => Promise.resolve(whole.subarray(position, position + length));
    const format = formatOf(await readAt(0, FORMAT_BYTES));
    if (format === undefined)
      throw new ImageRefusal('It is empty, damaged, or of a format that is not read.');
    const { metadata, rest } = await metadataOf(format, readAt, size);
    if (rest === undefined) return { image: whole ?? file, metadata };
    const bytes = rest.reduce((sum, [from, to]) => sum + to - from, 0);
    if (granted < bytes + metadata) throw new NeedsMemory(bytes + metadata);
    return { image: Buffer.concat(await readPieces(readAt, rest)), metadata };
  } finally {
    await handle.close();
  }
}

/** The most bytes that metadata takes, and what is left of a file without it where it has to be left out. */
async function metadataOf(
  format: ImageFormat,
  readAt: ReadAt,
  size: number,
): Promise<{ readonly metadata: number; readonly rest?: readonly Stretch[] }> {
  if (format === 'png') {
    const { textBytes, rest, profileBytes } = await readPngMetadata(readAt, size);
    return { metadata: 2 * profileBytes, ...(textBytes > MOST_TEXT ? { rest } : {}) };
  }
  if (format === 'jpeg') {
    const bytes = await jpegMetadataBytes(readAt, size);
    if (bytes > MOST_METADATA)
      throw new ImageRefusal(`It has more than ${MOST_METADATA / 1e6} million bytes of metadata.`);
    return { metadata: 4 * bytes };
  }
  return { metadata: format === 'tiff' ? Math.min(TAGS * size, TAG_COPIES * MOST_TAGS) : 0 };
}

async function readPiece(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const piece = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(piece, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return piece.subarray(0, done);
}

async function readPieces(readAt: ReadAt, stretches: readonly Stretch[]): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for (const [from, to] of stretches) pieces.push(await readAt(from, to - from));
  return pieces;
}
