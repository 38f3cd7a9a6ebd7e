import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Snapshot } from '../../src-preload/contract/snapshot.ts';

/** Pictures and matrices kept of epochs, of runs that are named by their number in the table of runs. */
export interface SnapshotTable {
  /** Adds one, in place of that of the same epoch, kind and name. Within the caller's transaction. */
  append(run: number, snapshot: Snapshot): void;
  /** Those of an epoch, else of the last epoch that has any, ordered by name. Within the caller's transaction. */
  read(run: number, kind: Snapshot['kind'], epoch?: number): Snapshot[];
  /** Epochs that have one of a kind, ascending. */
  epochs(run: number, kind: Snapshot['kind']): number[];
}

/** First byte of a packed snapshot: its form. */
const SNAPSHOT_FORM = 1;
const HEADER_BYTES = 8;

export function openSnapshotTable(database: Database): SnapshotTable {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO snapshots (run, kind, epoch, name, data) VALUES (?, ?, ?, ?, ?)',
  );
  const latest = database.prepare('SELECT max(epoch) FROM snapshots WHERE run = ? AND kind = ?').pluck();
  const select = database
    .prepare('SELECT data FROM snapshots WHERE run = ? AND kind = ? AND epoch = ? ORDER BY name')
    .pluck();
  const epochs = database
    .prepare('SELECT DISTINCT epoch FROM snapshots WHERE run = ? AND kind = ? ORDER BY epoch')
    .pluck();
  return {
    append(run, snapshot) {
      insert.run(run, snapshot.kind, snapshot.epoch, nameOf(snapshot), packSnapshot(snapshot));
    },
    read(run, kind, epoch) {
      const wanted = epoch ?? z.int().nullable().parse(latest.get(run, kind));
      if (wanted === null) return [];
      return select
        .all(run, kind, wanted)
        .map((blob) => unpackSnapshot(z.instanceof(Uint8Array).parse(blob)));
    },
    epochs: (run, kind) => z.array(z.int()).parse(epochs.all(run, kind)),
  };
}

function nameOf(snapshot: Snapshot): string {
  if ('part' in snapshot) return snapshot.part;
  return snapshot.kind === 'units' ? snapshot.parameter : '';
}

/**
 * A snapshot as bytes, little endian: form (1 byte), 3 spare, length of its head (uint32), the head (JSON of all but
 * its numbers), then its numbers (uint32 each of a matrix, one byte each of pictures, one or two of predictions; two
 * each of labels, with their paths after them as deflated JSON).
 */
export function packSnapshot(snapshot: Snapshot): Uint8Array {
  const [head, numbers] = takeApart(snapshot);
  const text = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(HEADER_BYTES + text.length + numbers.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, SNAPSHOT_FORM);
  view.setUint32(4, text.length, true);
  bytes.set(text, HEADER_BYTES);
  bytes.set(numbers, HEADER_BYTES + text.length);
  return bytes;
}

/** The snapshot that `packSnapshot` made the bytes of. @throws Error for bytes that are no snapshot. */
export function unpackSnapshot(bytes: Uint8Array): Snapshot {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length >= HEADER_BYTES && bytes[0] === SNAPSHOT_FORM ? view.getUint32(4, true) : -1;
  if (length < 0 || HEADER_BYTES + length > bytes.length) throw new Error(DAMAGED);
  const head = Head.parse(
    JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length))),
  );
  // A copy: what the database hands out is a view whose memory may begin anywhere.
  const numbers = Uint8Array.from(bytes.subarray(HEADER_BYTES + length));
  const snapshot = Snapshot.parse({ ...head, ...putTogether(head, numbers) });
  if (!isWhole(snapshot)) throw new Error(DAMAGED);
  return snapshot;
}

/** What a head says that its numbers are. */
function putTogether(head: z.infer<typeof Head>, numbers: Uint8Array): object {
  if (head.kind === 'images') {
    const images = Number(head['images']);
    return {
      labels: wordsOf(numbers.subarray(0, 2 * images)),
      paths: pathsOf(numbers.subarray(2 * images)),
    };
  }
  if (head.kind === 'predicted')
    return { predicted: Number(head['classes']) > BYTE_CLASSES ? wordsOf(numbers) : numbers };
  return 'classes' in head ? { counts: countsOf(numbers) } : { pixels: numbers };
}

function isWhole(snapshot: Snapshot): boolean {
  if (snapshot.kind === 'images') return snapshot.labels.length === snapshot.paths.length;
  // How many there are is said by the images of the part.
  if (snapshot.kind === 'predicted') return true;
  return 'counts' in snapshot
    ? snapshot.counts.length === snapshot.classes ** 2
    : snapshot.pixels.length === snapshot.count * snapshot.height * snapshot.width * snapshot.channels;
}

/** So many classes have a byte for each of them. */
const BYTE_CLASSES = 256;

/** Quick: a data set's paths are much alike, and this is done while others wait. */
const DEFLATE = { level: 1 };

function pathsOf(deflated: Uint8Array): unknown {
  try {
    return JSON.parse(inflateRawSync(deflated).toString());
  } catch {
    throw new Error(DAMAGED);
  }
}

function bytesOfWords(words: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 2);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => {
    view.setUint16(index * 2, word, true);
  });
  return bytes;
}

function wordsOf(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) =>
    view.getUint16(index * 2, true),
  );
}

const DAMAGED = 'A snapshot in the database is damaged.';
const Head = z.looseObject({ kind: z.string() });

function takeApart(snapshot: Snapshot): [head: object, numbers: Uint8Array] {
  if (snapshot.kind === 'images') {
    const { labels, paths, ...head } = snapshot;
    const numbers = [bytesOfWords(labels), deflateRawSync(JSON.stringify(paths), DEFLATE)];
    return [{ ...head, images: labels.length }, Buffer.concat(numbers)];
  }
  if (snapshot.kind === 'predicted') {
    const { predicted, ...head } = snapshot;
    return [head, predicted instanceof Uint16Array ? bytesOfWords(predicted) : predicted];
  }
  if ('pixels' in snapshot) {
    const { pixels, ...head } = snapshot;
    return [head, pixels];
  }
  const { counts, ...head } = snapshot;
  const numbers = new Uint8Array(counts.length * 4);
  const view = new DataView(numbers.buffer);
  counts.forEach((count, index) => {
    view.setUint32(index * 4, count, true);
  });
  return [head, numbers];
}

function countsOf(numbers: Uint8Array): Uint32Array {
  const view = new DataView(numbers.buffer);
  return Uint32Array.from({ length: Math.floor(numbers.length / 4) }, (_, index) =>
    view.getUint32(index * 4, true),
  );
}
