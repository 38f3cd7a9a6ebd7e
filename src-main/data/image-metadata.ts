import { countText } from '../../src-preload/contract/figure-text.ts';
import { ImageRefusal } from './preparation/image-refusal.ts';

/** Reads bytes of a file; fewer where it ends. */
export type ReadAt = (position: number, length: number) => Promise<Uint8Array>;

/** A stretch of a file: from here to before there. */
export type Stretch = readonly [from: number, to: number];

/** Bytes that are read at once. */
const BLOCK_BYTES = 65_536;

/** A file of more pieces than this is refused: an image of 52 million pixels that cannot be compressed has 20,000. */
const MOST_PIECES = 100_000;

const PNG_TEXT = new Set(['tEXt', 'zTXt', 'iTXt']);

/** Deflate makes at most this many bytes of one (zlib, Technical Details: 1032:1). */
const MOST_INFLATED = 1032;

/** The decoder takes no piece of a PNG that is longer than this when it is inflated. */
const MOST_PNG_CHUNK = 60_000_000;

/** What a PNG holds beside its pixels. */
export interface PngMetadata {
  /** Bytes of text as it is stored, which says nothing of how long it is when it is inflated. */
  readonly textBytes: number;
  /** The file without its text. */
  readonly rest: readonly Stretch[];
  /** The most bytes that its colour profile may have when it is inflated. */
  readonly profileBytes: number;
}

/**
 * Walks the chunks of a PNG (PNG Specification, third edition, 5.3), decoding none.
 * @throws ImageRefusal for one of too many.
 */
export async function readPngMetadata(readAt: ReadAt, size: number): Promise<PngMetadata> {
  const bytesAt = inBlocks(readAt);
  const rest: [number, number][] = [[0, size]];
  let textBytes = 0;
  let profileBytes = 0;
  let pieces = 0;
  for (let position = 8; position + 12 <= size;) {
    countPiece(++pieces);
    const head = await bytesAt(position, 8);
    if (head.length < 8) break;
    const length = new DataView(head.buffer, head.byteOffset).getUint32(0);
    const name = String.fromCharCode(...head.subarray(4, 8));
    const end = Math.min(size, position + 12 + length);
    if (PNG_TEXT.has(name)) {
      textBytes += end - position;
      const last = rest.at(-1);
      if (last !== undefined) last[1] = position;
      rest.push([end, size]);
    }
    if (name === 'iCCP') profileBytes += Math.min(length * MOST_INFLATED, MOST_PNG_CHUNK);
    position = end;
  }
  return { textBytes, rest: rest.filter(([from, to]) => from < to), profileBytes };
}

const START_OF_SCAN = 0xda;
const COMMENT = 0xfe;

/**
 * Bytes of what stands before a JPEG's pixels and is no part of them: application data and comments (ITU-T T.81, B.2.4).
 * @throws ImageRefusal for one of too many pieces.
 */
export async function jpegMetadataBytes(readAt: ReadAt, size: number): Promise<number> {
  const bytesAt = inBlocks(readAt);
  let sum = 0;
  let pieces = 0;
  for (let position = 2; position + 4 <= size;) {
    countPiece(++pieces);
    const head = await bytesAt(position, 4);
    const [mark, marker = 0] = head;
    if (head.length < 4 || mark !== 0xff || marker === START_OF_SCAN) break;
    // A marker may be filled up with bytes of 255.
    if (marker === 0xff) {
      position++;
      continue;
    }
    const length = 2 + new DataView(head.buffer, head.byteOffset).getUint16(2);
    if ((marker & 0xf0) === 0xe0 || marker === COMMENT) sum += length;
    position += length;
  }
  return sum;
}

function countPiece(pieces: number): void {
  if (pieces > MOST_PIECES)
    throw new ImageRefusal(`It is made of more than ${countText(MOST_PIECES)} pieces.`);
}

/** Of a file of many small pieces only so many blocks are read. */
function inBlocks(readAt: ReadAt): ReadAt {
  let from = 0;
  let block: Uint8Array = new Uint8Array();
  return async (position, length) => {
    if (position < from || position + length > from + block.length) {
      from = position;
      block = await readAt(position, Math.max(length, BLOCK_BYTES));
    }
    return block.subarray(position - from, position - from + length);
  };
}
