import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { Snapshot } from '../../src-preload/contract/snapshot.ts';

/** Pictures and matrices kept of epochs. */
export type SnapshotTable = ReturnType<typeof openSnapshotTable>;

export function openSnapshotTable(database: Database) {
  const insert = database.prepare(
    'INSERT OR REPLACE INTO snapshots (run, kind, name, epoch, data) VALUES (?, ?, ?, ?, ?)',
  );
  const latest = database.prepare('SELECT max(epoch) FROM snapshots WHERE run = ? AND kind = ?').pluck();
  const select = database
    .prepare('SELECT data FROM snapshots WHERE run = ? AND kind = ? AND epoch = ? ORDER BY name')
    .pluck();
  return {
    append(run: number, snapshot: Snapshot): void {
      insert.run(run, snapshot.kind, nameOf(snapshot), snapshot.epoch, packSnapshot(snapshot));
    },
    /** Those of an epoch, else of the last epoch that has any. */
    read(run: number, kind: Snapshot['kind'], epoch?: number): Snapshot[] {
      const wanted = epoch ?? z.int().nullable().parse(latest.get(run, kind));
      if (wanted === null) return [];
      return select
        .all(run, kind, wanted)
        .map((blob) => unpackSnapshot(z.instanceof(Uint8Array).parse(blob)));
    },
  };
}

function nameOf(snapshot: Snapshot): string {
  if (snapshot.kind === 'confusion') return snapshot.part;
  return snapshot.kind === 'units' ? snapshot.parameter : '';
}

/** A snapshot as bytes: length of its JSON head (uint32, little endian), the head, then its numbers as they are. */
export function packSnapshot(snapshot: Snapshot): Uint8Array {
  const { numbers, ...head } =
    snapshot.kind === 'confusion'
      ? { ...snapshot, counts: undefined, numbers: Uint8Array.from(bytesOf(snapshot.counts)) }
      : { ...snapshot, pixels: undefined, numbers: snapshot.pixels };
  const text = new TextEncoder().encode(JSON.stringify(head));
  const bytes = new Uint8Array(4 + text.length + numbers.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(numbers, 4 + text.length);
  return bytes;
}

export function unpackSnapshot(bytes: Uint8Array): Snapshot {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const head = z
    .looseObject({ kind: z.string() })
    .parse(JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))));
  const numbers = bytes.slice(4 + length);
  return Snapshot.parse(
    head.kind === 'confusion'
      ? { ...head, counts: new Uint32Array(numbers.buffer) }
      : { ...head, pixels: numbers },
  );
}

function bytesOf(counts: Uint32Array): Uint8Array {
  return new Uint8Array(counts.buffer, counts.byteOffset, counts.byteLength);
}
