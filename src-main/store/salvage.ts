import {
  closeSync,
  copyFileSync,
  existsSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { type LeafRow, leafRows } from './leaf-rows.ts';

/** What was saved of a damaged store. */
export interface Salvaged {
  /** The damaged file as it was: absolute path. */
  readonly aside: string;
  /** Runs that could be read. */
  readonly runs: number;
  /** Runs of which curves could be read, but not what they are of: those stand in the damaged file alone. */
  readonly nameless: number;
}

const Names = z.array(z.string());
const Numbered = z.looseObject({ 'the row': z.number() });
const Columns = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    notnull: z.int(),
    pk: z.int(),
    dflt_value: z.string().nullable(),
  }),
);

/** A column, as far as a value can be held against it. */
interface Column {
  readonly name: string;
  readonly type: string;
  /** It may be without a value. */
  readonly isOptional: boolean;
  /** Rows that were written before it was added have none. */
  readonly mayBeMissing: boolean;
  /** It is the number of the row, which SQLite keeps apart from the other values. */
  readonly isNumber: boolean;
}

function columnsOf(database: Database.Database, table: string): Column[] {
  const found = Columns.parse(database.pragma(`table_info(${table})`));
  const keys = found.filter(({ pk }) => pk > 0);
  return found.map(({ name, type, notnull, pk, dflt_value }) => ({
    name,
    type,
    isOptional: notnull === 0,
    mayBeMissing: notnull === 0 || dflt_value !== null,
    isNumber: pk > 0 && keys.length === 1 && type === 'INTEGER',
  }));
}
const Row = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.bigint(), z.instanceof(Buffer), z.null()]),
);

/** Rows that are read together; where one of them cannot be read, one by one. */
const PIECE = 200;

/** The largest step over numbers of rows that cannot be read. */
const WIDEST_STEP = 2 ** 20;

/**
 * Puts a damaged database aside and makes a new one of what can be read of it, row by row, and where the pages that
 * lead to rows are damaged, page by page. The damaged file is not changed, but named `<file>.damaged`, or `.damaged-2`
 * and so on where there is one already. To be called while nobody has it open.
 * @param makeEmpty makes a database of the newest form at a path.
 * @throws the disk's own error where it has no room; then everything is as it was.
 */
export function salvage(file: string, makeEmpty: (path: string) => Database.Database): Salvaged {
  const unfinished = `${file}.${process.pid}.part`;
  const reading = `${file}.${process.pid}.reading.part`;
  removeWhole(unfinished);
  removeWhole(reading);
  try {
    copyWhole(file, reading);
    mendHead(reading);
    padToItsLength(reading);
    const saved = saveInto(unfinished, reading, makeEmpty);
    const aside = asideOf(file);
    putAside(file, aside);
    renameSync(unfinished, file);
    return { aside, ...saved };
  } finally {
    removeWhole(unfinished);
    removeWhole(reading);
  }
}

function saveInto(
  unfinished: string,
  reading: string,
  makeEmpty: (path: string) => Database.Database,
): { readonly runs: number; readonly nameless: number } {
  const target = makeEmpty(unfinished);
  try {
    target.pragma('foreign_keys = OFF');
    const tables = tablesOf(target);
    const broken = saveTables(reading, target, tables);
    if (broken.length > 0) savePages(reading, target, broken);
    const runs = countOf(target, 'SELECT count(*) FROM runs');
    const nameless = countOf(
      target,
      'SELECT count(DISTINCT run) FROM curves WHERE run NOT IN (SELECT number FROM runs)',
    );
    dropOrphans(target);
    target.pragma('wal_checkpoint(TRUNCATE)');
    target.pragma('journal_mode = DELETE');
    return { runs, nameless };
  } finally {
    target.close();
  }
}

/** @returns the tables of which something could not be read. */
function saveTables(
  reading: string,
  target: Database.Database,
  tables: readonly string[],
): readonly string[] {
  const source = attempt(() => new Database(reading));
  if (source === undefined) return tables;
  try {
    const broken = tables.filter((table) => !saveTable(source, target, table));
    // What follows reads the file itself.
    attempt(() => source.pragma('wal_checkpoint(TRUNCATE)'));
    return broken;
  } finally {
    source.close();
  }
}

/** Whether a file that SQLite takes for none of its own holds runs all the same. */
export function holdsRuns(file: string): boolean {
  for (const row of leafRows(file, pageSizeOf(file)))
    if (isRowOf(RUN_COLUMNS, row) && isRun(row)) return true;
  return false;
}

/** Rows of tables that lie in pages which nothing leads to any more. */
function savePages(reading: string, target: Database.Database, tables: readonly string[]): void {
  const forms = tables
    .filter((table) => SCANNED.includes(table))
    .map((table) => ({
      table,
      columns: columnsOf(target, table),
      isNumbered: table !== 'points',
      statements: new Map<number, Database.Statement>(),
    }));
  function statementOf(form: (typeof forms)[number], count: number): Database.Statement {
    const known = form.statements.get(count);
    if (known !== undefined) return known;
    const names = form.columns.slice(0, count).map(({ name }) => name);
    const numbered =
      form.isNumbered && !form.columns.some(({ isNumber }) => isNumber) ? ['rowid', ...names] : names;
    const made = target.prepare(
      `INSERT OR IGNORE INTO ${form.table} (${numbered.join(', ')}) VALUES (${numbered.map(() => '?').join(', ')})`,
    );
    form.statements.set(count, made);
    return made;
  }
  const save = target.transaction((rows: Iterable<LeafRow>) => {
    for (const row of rows) {
      const form = forms.find(
        ({ table, columns, isNumbered }) =>
          isNumbered === (row.rowid !== null) &&
          row.values.length <= columns.length &&
          // Entries of an index are shorter, and may else begin alike.
          (isNumbered || row.values.length === columns.length) &&
          isRowOf(columns, row) &&
          (table !== 'runs' || isRun(row)),
      );
      if (form === undefined) continue;
      const hasNumber = form.columns.some(({ isNumber }) => isNumber);
      const values = row.values.map((value, index) => {
        return form.columns[index]?.isNumber === true ? row.rowid : value;
      });
      statementOf(form, row.values.length).run(
        ...(form.isNumbered && !hasNumber ? [row.rowid, ...values] : values),
      );
    }
  });
  save(leafRows(reading, pageSizeOf(reading)));
}

/** Tables whose rows can be told by what they hold: no two of them, nor any index, have columns alike. */
const SCANNED: readonly string[] = ['runs', 'points', 'curves', 'snapshots', 'predictions', 'datasets'];

/** The columns that runs have had since the first form of the store, as far as they tell a run from everything else. */
const RUN_COLUMNS: readonly Column[] = [
  { name: 'number', type: 'INTEGER', isOptional: true, mayBeMissing: false, isNumber: true },
  ...['id', 'name', 'status', 'launch_group', 'dataset'].map((name) => ({
    name,
    type: 'TEXT',
    isOptional: false,
    mayBeMissing: false,
    isNumber: false,
  })),
];

/** Whether a row begins as those of a table do: columns that were added later may be missing. */
function isRowOf(columns: readonly Column[], { rowid, values }: LeafRow): boolean {
  return columns.every((column, index) => {
    const value = values[index];
    if (value === undefined) return column.mayBeMissing;
    if (rowid !== null && column.isNumber) return value === null;
    if (value === null) return column.isOptional;
    switch (column.type) {
      case 'INTEGER':
        return Number.isInteger(value);
      case 'REAL':
        return typeof value === 'number';
      case 'TEXT':
        return typeof value === 'string';
      default:
        return value instanceof Uint8Array;
    }
  });
}

/** A run's row holds its whole record as JSON, with its id. */
function isRun({ values }: LeafRow): boolean {
  const id = values[1];
  const record = values.find((value) => typeof value === 'string' && value.startsWith('{'));
  return typeof id === 'string' && typeof record === 'string' && record.includes(JSON.stringify(id));
}

function countOf(database: Database.Database, sql: string): number {
  return z.int().parse(database.prepare(sql).pluck().get());
}

/**
 * Names the damaged file anew, without a copy where the disk can do without: it stands under both names until the new
 * one takes its place. Its log has to go before that, or SQLite would take it for the new one's.
 */
function putAside(file: string, aside: string): void {
  for (const ending of ['-wal', '']) if (existsSync(file + ending)) linkOrCopy(file + ending, aside + ending);
  for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    try {
      copyFileSync(from, to);
    } catch (error) {
      rmSync(to, { force: true });
      throw error;
    }
  }
}

const MAGIC = 'SQLite format 3\0';
const USUAL_PAGE = 4096;

function headOf(file: string): Buffer {
  const head = Buffer.alloc(108);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, head, 0, head.length, 0);
  } finally {
    closeSync(handle);
  }
  return head;
}

function pageSizeOf(file: string): number {
  const head = headOf(file);
  const told = head.readUInt16BE(16);
  const size = told === 1 ? 65_536 : told;
  const isSize = size >= 512 && (size & (size - 1)) === 0;
  return head.toString('latin1', 0, 16) === MAGIC && isSize ? size : USUAL_PAGE;
}

/**
 * Writes a head where there is none, so that SQLite reads what stands behind it
 * (https://www.sqlite.org/fileformat2.html, 1.3). A file of no length gets a first page: all that there is may be in
 * its log.
 */
function mendHead(file: string): void {
  const { size } = statSync(file);
  if (size === 0) {
    if (existsSync(`${file}-wal`)) truncateSync(file, USUAL_PAGE);
    return;
  }
  const head = headOf(file);
  const firstPage = head[100];
  if (head.toString('latin1', 0, 16) === MAGIC || (firstPage !== 0x05 && firstPage !== 0x0d)) return;
  const mended = Buffer.alloc(100);
  mended.write(MAGIC, 'latin1');
  mended.writeUInt16BE(USUAL_PAGE, 16);
  // Both versions 2: with a write-ahead log. Then the fractions that every file has.
  mended.set([2, 2, 0, 64, 32, 32], 18);
  mended.writeUInt32BE(1, 24);
  mended.writeUInt32BE(Math.floor(size / USUAL_PAGE), 28);
  mended.writeUInt32BE(1, 40);
  // Schema format 4, text as UTF-8.
  mended.writeUInt32BE(4, 44);
  mended.writeUInt32BE(1, 56);
  mended.writeUInt32BE(1, 92);
  const handle = openSync(file, 'r+');
  try {
    writeSync(handle, mended, 0, mended.length, 0);
  } finally {
    closeSync(handle);
  }
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
  const head = headOf(file);
  const length = pageSizeOf(file) * head.readUInt32BE(28);
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

/** @returns whether all of it could be read. */
function saveTable(source: Database.Database, target: Database.Database, table: string): boolean {
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
  let isWhole = true;
  function onBroken(): void {
    isWhole = false;
  }
  for (const piece of piecesOf(source, table, onBroken)) save(piece);
  return isWhole;
}

/** All rows of a table that can be read, some at a time. */
function* piecesOf(
  source: Database.Database,
  table: string,
  onBroken: () => void,
): Generator<readonly unknown[]> {
  let readPiece: (after: number | bigint, most: number) => unknown[];
  let last: bigint;
  try {
    const statement = source.prepare(
      `SELECT rowid AS "the row", * FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
    );
    readPiece = (after, most) => statement.all(after, most);
    last = highest(source, table, onBroken);
  } catch {
    yield* piecesByRun(source, table, onBroken);
    return;
  }
  let after = -1;
  let step = 1;
  while (after < Number(last)) {
    const piece = attempt(() => readPiece(after, PIECE)) ?? attempt(() => readPiece(after, 1));
    if (piece === undefined) {
      // Over what cannot be read, in steps that grow.
      onBroken();
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
function* piecesByRun(
  source: Database.Database,
  table: string,
  onBroken: () => void,
): Generator<readonly unknown[]> {
  function read(rows: () => unknown[]): unknown[] {
    const piece = attempt(rows);
    if (piece === undefined) onBroken();
    return piece ?? [];
  }
  const runs = attempt(() => source.prepare('SELECT number FROM runs').pluck().all());
  const ofRun = attempt(() => source.prepare(`SELECT * FROM ${table} WHERE run = ?`));
  if (runs === undefined || ofRun === undefined) {
    yield read(() => source.prepare(`SELECT * FROM ${table}`).all());
    return;
  }
  for (const run of runs) yield read(() => ofRun.all(run));
}

/** The highest number of a row; where that cannot be read, as high as a table of this product gets. */
function highest(source: Database.Database, table: string, onBroken: () => void): bigint {
  const found = attempt(() => source.prepare(`SELECT max(rowid) FROM ${table}`).safeIntegers().pluck().get());
  if (found === undefined) {
    // A table without numbers of rows refuses the word itself.
    source.prepare(`SELECT rowid FROM ${table} LIMIT 0`);
    onBroken();
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
