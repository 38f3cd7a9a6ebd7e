import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A value as SQLite stores it. */
export type StoredValue = number | string | Buffer | null;

/** A row as it stands in a page: with its number, or without one where the table has none. */
export interface LeafRow {
  readonly rowid: number | null;
  readonly values: readonly StoredValue[];
}

const TABLE_LEAF = 0x0d;
const INDEX_LEAF = 0x0a;
const INDEX_INTERIOR = 0x02;

/** Bytes of the longest row that is believed. */
const LONGEST_ROW = 2 ** 28;

/**
 * Every row that stands whole in a page of a database file, whatever has become of the pages that lead to it: of
 * tables, and of indexes and tables without row numbers. Which table a row is of is not known, and one may be there
 * that was deleted or is older than another. Pages that are known to be free are left out. The form is that of
 * https://www.sqlite.org/fileformat2.html (1.6 B-tree pages, 2.1 record format).
 * @param pageSize bytes of a page.
 */
export function* leafRows(file: string, pageSize: number): Generator<LeafRow> {
  const handle = openSync(file, 'r');
  try {
    const pages = Math.floor(fstatSync(handle).size / pageSize);
    function page(number: number): Buffer | undefined {
      if (number < 1 || number > pages) return undefined;
      const bytes = Buffer.alloc(pageSize);
      return readSync(handle, bytes, 0, pageSize, (number - 1) * pageSize) === pageSize ? bytes : undefined;
    }
    const free = freePages(page, pages);
    for (let number = 1; number <= pages; number++) {
      const bytes = free.has(number) ? undefined : page(number);
      if (bytes !== undefined) yield* rowsOf(bytes, number === 1 ? 100 : 0, page);
    }
  } finally {
    closeSync(handle);
  }
}

type ReadPage = (number: number) => Buffer | undefined;

/** Pages on the list of free ones, as far as it can be followed (1.5 The Freelist). */
function freePages(page: ReadPage, pages: number): ReadonlySet<number> {
  const free = new Set<number>();
  let trunk = page(1)?.readUInt32BE(32) ?? 0;
  while (trunk > 0 && trunk <= pages && !free.has(trunk)) {
    free.add(trunk);
    const bytes = page(trunk);
    if (bytes === undefined) break;
    const leaves = Math.min(bytes.readUInt32BE(4), bytes.length / 4 - 2);
    for (let leaf = 0; leaf < leaves; leaf++) free.add(bytes.readUInt32BE(8 + 4 * leaf));
    trunk = bytes.readUInt32BE(0);
  }
  return free;
}

function* rowsOf(bytes: Buffer, start: number, page: ReadPage): Generator<LeafRow> {
  const kind = bytes[start];
  if (kind !== TABLE_LEAF && kind !== INDEX_LEAF && kind !== INDEX_INTERIOR) return;
  const cells = bytes.readUInt16BE(start + 3);
  const pointers = start + (kind === INDEX_INTERIOR ? 12 : 8);
  if (pointers + 2 * cells > bytes.length) return;
  for (let cell = 0; cell < cells; cell++) {
    const at = bytes.readUInt16BE(pointers + 2 * cell) + (kind === INDEX_INTERIOR ? 4 : 0);
    const row = rowAt(bytes, at, kind === TABLE_LEAF, page);
    if (row !== undefined) yield row;
  }
}

/** Undefined where what stands there is no whole row. */
function rowAt(bytes: Buffer, at: number, isNumbered: boolean, page: ReadPage): LeafRow | undefined {
  try {
    const length = varint(bytes, at);
    const rowid = isNumbered ? varint(bytes, length.next) : { value: null, next: length.next };
    if (length.value < 2 || length.value > LONGEST_ROW) return undefined;
    const payload = payloadAt(bytes, rowid.next, length.value, isNumbered, page);
    return payload === undefined ? undefined : { rowid: rowid.value, values: valuesOf(payload) };
  } catch (error) {
    // Lengths that lead beyond what there is.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The bytes of a row: those in its page, and those in the chain of pages that it overflows into. */
function payloadAt(
  bytes: Buffer,
  at: number,
  length: number,
  isNumbered: boolean,
  page: ReadPage,
): Buffer | undefined {
  const usable = bytes.length;
  const most = isNumbered ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const filled = least + ((length - least) % (usable - 4));
  const local = length <= most ? length : filled <= most ? filled : least;
  if (at + local + (local < length ? 4 : 0) > usable) return undefined;
  const parts = [bytes.subarray(at, at + local)];
  let missing = length - local;
  let next = missing > 0 ? bytes.readUInt32BE(at + local) : 0;
  while (missing > 0) {
    const overflow = page(next);
    if (overflow === undefined) return undefined;
    const part = overflow.subarray(4, 4 + Math.min(missing, usable - 4));
    parts.push(part);
    missing -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** @throws RangeError for bytes that are no record. */
function valuesOf(payload: Buffer): StoredValue[] {
  const head = varint(payload, 0);
  const kinds: number[] = [];
  for (let at = head.next; at < head.value;) {
    const kind = varint(payload, at);
    kinds.push(kind.value);
    at = kind.next;
  }
  let at = head.value;
  const values = kinds.map((kind) => {
    const bytes = bytesOf(kind);
    if (at + bytes > payload.length) throw new RangeError('A value ends beyond its row.');
    const value = valueAt(payload, at, kind, bytes);
    at += bytes;
    return value;
  });
  if (at !== payload.length) throw new RangeError('A row is longer than its values.');
  return values;
}

/** Bytes of integers of the kinds 1 to 6, and of the float of kind 7. */
const NUMBER_BYTES = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

function bytesOf(kind: number): number {
  const bytes = kind >= 12 ? Math.floor((kind - 12) / 2) : NUMBER_BYTES[kind];
  if (bytes === undefined) throw new RangeError('There is no such kind of value.');
  return bytes;
}

function valueAt(payload: Buffer, at: number, kind: number, bytes: number): StoredValue {
  if (kind === 0) return null;
  if (kind === 8 || kind === 9) return kind - 8;
  if (kind === 7) return payload.readDoubleBE(at);
  if (kind < 7) return bytes === 8 ? Number(payload.readBigInt64BE(at)) : payload.readIntBE(at, bytes);
  const part = payload.subarray(at, at + bytes);
  return kind % 2 === 1 ? part.toString('utf8') : Buffer.from(part);
}

/** A number of one to nine bytes, seven bits in each but the last. @throws RangeError beyond the end. */
function varint(bytes: Buffer, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes.readUInt8(at + index);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  return { value: value * 256 + bytes.readUInt8(at + 8), next: at + 9 };
}
