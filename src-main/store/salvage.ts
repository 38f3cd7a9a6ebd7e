import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';

/** What was saved of a damaged store. */
export interface Salvaged {
  /** The damaged file as it was: absolute path. */
  readonly aside: string;
  /** Rows that could be read, of all tables. */
  readonly rows: number;
  /** Runs among them. */
  readonly runs: number;
}

const Names = z.array(z.string());
const Numbered = z.looseObject({ 'the row': z.number() });
const Columns = z.array(z.object({ name: z.string() }));
const Row = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.bigint(), z.instanceof(Buffer), z.null()]),
);

/** Rows that are read together; where one of them cannot be read, one by one. */
const PIECE = 200;

/** The largest step over numbers of rows that cannot be read. */
const WIDEST_STEP = 2 ** 20;

/**
 * Puts a damaged database aside and makes a new one of what can be read of it, row by row. The damaged file is copied
 * and not changed: `<file>.damaged`, or `.damaged-2` and so on where there is one already.
 * @param makeEmpty makes a database of the newest form at a path.
 */
export function salvage(file: string, makeEmpty: (path: string) => Database.Database): Salvaged {
  const aside = asideOf(file);
  copyWhole(file, aside);
  // Two processes may find the damage at once; what either saves is the same.
  const unfinished = `${file}.${process.pid}.part`;
  const reading = `${file}.${process.pid}.reading.part`;
  removeWhole(unfinished);
  removeWhole(reading);
  copyWhole(file, reading);
  padToItsLength(reading);
  const target = makeEmpty(unfinished);
  let [rows, runs] = [0, 0];
  try {
    target.pragma('foreign_keys = OFF');
    const source = new Database(reading);
    try {
      for (const table of tablesOf(target)) {
        const saved = saveTable(source, target, table);
        rows += saved;
        if (table === 'runs') runs = saved;
      }
    } finally {
      source.close();
    }
    dropOrphans(target);
    target.pragma('wal_checkpoint(TRUNCATE)');
    target.pragma('journal_mode = DELETE');
  } finally {
    target.close();
    removeWhole(reading);
  }
  for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
  renameSync(unfinished, file);
  return { aside, rows, runs };
}

const ENDINGS = ['', '-wal', '-shm'];

/** A database with its write-ahead log. */
function copyWhole(from: string, to: string): void {
  for (const ending of ENDINGS) if (existsSync(from + ending)) copyFileSync(from + ending, to + ending);
}

function removeWhole(file: string): void {
  for (const ending of ENDINGS) rmSync(file + ending, { force: true });
}

/**
 * Fills a file that was cut off with zeros up to the length that its head tells (https://sqlite.org/fileformat2.html,
 * 1.3: page size at 16, number of pages at 28): SQLite reads nothing at all of one that is too short.
 */
function padToItsLength(file: string): void {
  const head = Buffer.alloc(32);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  const told = head.readUInt16BE(16);
  const length = (told === 1 ? 65_536 : told) * head.readUInt32BE(28);
  const { size } = statSync(file);
  // A head that is damaged itself may tell anything.
  if (size < length && length < 64 * size) truncateSync(file, length);
}

function asideOf(file: string): string {
  for (let number = 1; ; number++) {
    const path = number === 1 ? `${file}.damaged` : `${file}.damaged-${number}`;
    if (!existsSync(path)) return path;
  }
}

function tablesOf(database: Database.Database): string[] {
  return Names.parse(
    database
      .prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid",
      )
      .pluck()
      .all(),
  );
}

/** @returns rows saved. */
function saveTable(source: Database.Database, target: Database.Database, table: string): number {
  const columns = Columns.parse(target.pragma(`table_info(${table})`)).map(({ name }) => name);
  const insert = target.prepare(
    `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  );
  const save = target.transaction((rows: readonly unknown[]) => {
    for (const row of rows) {
      const read = Row.parse(row);
      insert.run(Object.fromEntries(columns.map((name) => [name, read[name] ?? null])));
    }
  });
  let saved = 0;
  for (const piece of piecesOf(source, table)) {
    save(piece);
    saved += piece.length;
  }
  return saved;
}

/** All rows of a table that can be read, some at a time. */
function* piecesOf(source: Database.Database, table: string): Generator<readonly unknown[]> {
  let readPiece: (after: number | bigint, most: number) => unknown[];
  let last: bigint;
  try {
    const statement = source.prepare(
      `SELECT rowid AS "the row", * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    );
    readPiece = (after, most) => statement.all(after, most);
    last = highest(source, table);
  } catch {
    yield* piecesByRun(source, table);
    return;
  }
  let after = -1;
  let step = 1;
  while (after < Number(last)) {
    const piece = attempt(() => readPiece(after, PIECE)) ?? attempt(() => readPiece(after, 1));
    if (piece === undefined) {
      // Over what cannot be read, in steps that grow.
      after += step;
      step = Math.min(2 * step, WIDEST_STEP);
      continue;
    }
    if (piece.length === 0) return;
    step = 1;
    after = Numbered.parse(piece.at(-1))['the row'];
    yield piece;
  }
}

/** Of a table without numbers of rows: run by run where it has them, else all of it or nothing. */
function* piecesByRun(source: Database.Database, table: string): Generator<readonly unknown[]> {
  const runs = attempt(() => source.prepare('SELECT number FROM runs').pluck().all());
  const ofRun = attempt(() => source.prepare(`SELECT * FROM ${table} WHERE run = ?`));
  if (runs === undefined || ofRun === undefined) {
    yield attempt(() => source.prepare(`SELECT * FROM ${table}`).all()) ?? [];
    return;
  }
  for (const run of runs) yield attempt(() => ofRun.all(run)) ?? [];
}

/** The highest number of a row; where that cannot be read, as high as a table of this product gets. */
function highest(source: Database.Database, table: string): bigint {
  const found = attempt(() => source.prepare(`SELECT max(rowid) FROM ${table}`).safeIntegers().pluck().get());
  if (found === undefined) {
    // A table without numbers of rows refuses the word itself.
    source.prepare(`SELECT rowid FROM ${table} LIMIT 0`);
    return 2n ** 32n;
  }
  return typeof found === 'bigint' ? found : 0n;
}

/** Removes rows whose run could not be read. */
function dropOrphans(database: Database.Database): void {
  const Orphan = z.object({ table: z.string(), rowid: z.number().nullable(), parent: z.string() });
  const orphans = z.array(Orphan).parse(database.pragma('foreign_key_check'));
  for (const { table, rowid } of orphans) {
    if (rowid !== null) database.prepare(`DELETE FROM ${table} WHERE rowid = ?`).run(rowid);
  }
  const tables = new Set(orphans.filter(({ rowid }) => rowid === null).map(({ table }) => table));
  for (const table of tables) {
    const keys = z
      .array(z.object({ table: z.string(), from: z.string(), to: z.string().nullable() }))
      .parse(database.pragma(`foreign_key_list(${table})`));
    for (const { table: parent, from, to } of keys) {
      database.exec(`DELETE FROM ${table} WHERE ${from} NOT IN (SELECT ${to ?? 'rowid'} FROM ${parent})`);
    }
  }
}

function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
