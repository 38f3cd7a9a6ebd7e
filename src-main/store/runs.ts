import type { Database } from 'better-sqlite3';
import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { UserError, schemaSentence } from '../../src-preload/contract/errors.ts';
import { RunRecord } from '../../src-preload/contract/run.ts';
import { fromJson, toJson } from './json.ts';

/** Who holds a run: a process of a machine; the token is its own, whatever else is the same. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  /** What tells it from a later process of the same id; null where the system does not say. */
  readonly process: string | null;
  readonly token: string;
}

/** A run that somebody holds, and when that one was last heard of (ms since 1970). */
export interface HeldRun {
  readonly id: string;
  readonly status: 'queued' | 'running';
  readonly owner: Owner;
  readonly heartbeatMs: number;
}

/** What runs are sorted by, and the columns of it. Each has an index. */
export const SORT_COLUMNS = {
  created: 'number',
  name: 'name',
  status: 'status',
  dataset: 'dataset',
  parameters: 'parameters',
  epochs: 'epochs',
  'training-accuracy': 'training_accuracy',
  'dev-accuracy': 'dev_accuracy',
  'best-dev-accuracy': 'best_dev_accuracy',
} as const;
export type SortColumn = keyof typeof SORT_COLUMNS;

/** Which runs, in which order; newest first where nothing is said. Runs without the figure come last. */
export interface RunFilter {
  readonly status?: readonly string[];
  /** Part of the name, whatever its case. */
  readonly name?: string;
  /** Runs that were launched together. */
  readonly group?: string;
  /** Those in the trash, in place of all others. */
  readonly trashed?: boolean;
  /** Runs with this tag. */
  readonly tag?: string;
  readonly starred?: boolean;
  /** The data set as the configuration names it. */
  readonly dataset?: string;
  /** Those that were queued before the run of this id: for reading on where an earlier list ended. */
  readonly olderThan?: string;
  readonly sort?: SortColumn;
  readonly descending?: boolean;
  readonly limit?: number;
}

/** The table of runs. Every call that writes is to be within the caller's transaction. */
export interface RunTable {
  get(id: string): RunRecord | undefined;
  /** @throws UserError where the text means no run, or more than one. */
  find(reference: string): RunRecord;
  list(filter?: RunFilter): RunRecord[];
  /** The number that other tables name a run by. @throws UserError for an id that is no run's. */
  numberOf(id: string): number;
  held(): HeldRun[];
  /** Ids of runs that were queued after the one of a number, in that order; and the number of the last of all. */
  after(number: number): { readonly ids: string[]; readonly newest: number };
  insert(records: readonly RunRecord[], owner: Owner | null, nowMs: number): void;
  /** Makes a queued run that is this owner's or nobody's a running one; false where it is neither. */
  claim(id: string, owner: Owner, nowMs: number): boolean;
  /** Makes a run that has ended a queued one of this owner. */
  reopen(record: RunRecord, owner: Owner, nowMs: number): boolean;
  /** Writes a run that its owner holds, and lets go of one that has ended; false where another has it. */
  update(record: RunRecord, owner: Owner): boolean;
  /** Says that the owner lives, and gives the runs that it holds, and those that it is asked to stop. */
  heartbeat(owner: Owner, nowMs: number): { readonly held: string[]; readonly stop: string[] };
  requestStop(id: string): boolean;
  /** Takes a run as it was seen from its owner; false where either has changed since. */
  take(seen: HeldRun, owner: Owner): boolean;
}

/** Milliseconds after which an owner that holds nothing is forgotten. */
const FORGET_MS = 24 * 60 * 60 * 1000;

/** The most runs that an error names. */
const NAMED_RUNS = 5;

const Row = z.object({
  id: z.string(),
  record: z.string(),
  status: z.string(),
  owner_host: z.string().nullable(),
  owner_pid: z.int().nullable(),
  name: z.string(),
  tags: z.string(),
  note: z.string(),
  starred: z.int(),
  trashed_at: z.string().nullable(),
});
const COLUMNS = 'id, record, status, owner_host, owner_pid, name, tags, note, starred, trashed_at';

const Held = z.object({
  id: z.string(),
  status: z.enum(['queued', 'running']),
  owner_host: z.string(),
  owner_pid: z.int(),
  owner_token: z.string(),
  process: z.string().nullable(),
  heartbeat_ms: z.int(),
});
const Known = z.object({ id: z.string(), name: z.string() });
const Ids = z.array(z.string());
const Numbered = z.array(z.object({ number: z.int(), id: z.string() }));

export function openRunTable(database: Database): RunTable {
  // SQLite's own lower() knows no letter beyond A to Z.
  database.function('fold', { deterministic: true }, fold);
  const insert = database.prepare(
    `INSERT INTO runs (id, name, status, launch_group, dataset, dataset_fingerprint, created_at, parameters, epochs,
       training_accuracy, dev_accuracy, best_dev_accuracy, record, owner_host, owner_pid, owner_token)
     VALUES (@id, @name, @status, @group, @dataset, @fingerprint, @createdAt, @parameters, @epochs,
       @trainingAccuracy, @devAccuracy, @bestDevAccuracy, @record, @host, @pid, @token)`,
  );
  const update = database.prepare(
    `UPDATE runs SET status = @status, dataset_fingerprint = @fingerprint, parameters = @parameters,
       epochs = @epochs, training_accuracy = @trainingAccuracy, dev_accuracy = @devAccuracy,
       best_dev_accuracy = @bestDevAccuracy, record = @record
     WHERE id = @id AND owner_token = @token`,
  );
  const reopen = database.prepare(
    `UPDATE runs SET status = 'queued', record = @record, owner_host = @host, owner_pid = @pid, owner_token = @token
     WHERE id = @id AND owner_token IS NULL AND status NOT IN ('queued', 'running') AND trashed_at IS NULL`,
  );
  const release = database.prepare(
    'UPDATE runs SET owner_host = NULL, owner_pid = NULL, owner_token = NULL, stop_requested = 0 WHERE id = ?',
  );
  const claim = database.prepare(
    `UPDATE runs SET status = 'running', owner_host = @host, owner_pid = @pid, owner_token = @token
     WHERE id = @id AND status = 'queued' AND (owner_token IS NULL OR owner_token = @token)`,
  );
  const beat = database.prepare(
    `INSERT INTO owners (token, heartbeat_ms, process) VALUES (@token, @nowMs, @process)
     ON CONFLICT DO UPDATE SET heartbeat_ms = @nowMs`,
  );
  const forget = database.prepare(
    'DELETE FROM owners WHERE heartbeat_ms < ? AND NOT EXISTS (SELECT 1 FROM runs WHERE owner_token = token)',
  );
  const heldBy = database.prepare('SELECT id FROM runs WHERE owner_token = ?').pluck();
  const stopRequests = database.prepare(SELECT_STOP_REQUESTS).pluck();
  const requestStop = database.prepare(
    'UPDATE runs SET stop_requested = 1 WHERE id = ? AND owner_token IS NOT NULL',
  );
  const held = database.prepare(SELECT_HELD);
  const after = database.prepare('SELECT number, id FROM runs WHERE number > ? ORDER BY number');
  const take = database.prepare(
    `UPDATE runs SET owner_host = @host, owner_pid = @pid, owner_token = @token
     WHERE id = @id AND owner_token = @before AND status = @status`,
  );
  const numberOf = database.prepare('SELECT number FROM runs WHERE id = ?').pluck();
  const byId = database.prepare(`SELECT ${COLUMNS} FROM runs WHERE id = ?`);
  const byBeginning = database.prepare('SELECT id, name FROM runs WHERE id >= ? AND id < ? LIMIT ?');
  const byName = database.prepare(
    `SELECT ${COLUMNS} FROM runs WHERE name = ? AND trashed_at IS NULL ORDER BY number DESC LIMIT 1`,
  );
  const newest = database.prepare(
    `SELECT ${COLUMNS} FROM runs WHERE trashed_at IS NULL ORDER BY number DESC LIMIT 1`,
  );
  const everyName = database.prepare(
    'SELECT id, name FROM runs WHERE trashed_at IS NULL ORDER BY number DESC',
  );

  function get(id: string): RunRecord | undefined {
    const row = byId.get(id);
    return row === undefined ? undefined : recordOf(row);
  }

  function live(owner: Owner, nowMs: number): void {
    beat.run({ token: owner.token, nowMs, process: owner.process });
    forget.run(nowMs - FORGET_MS);
  }

  return {
    get,

    insert(records, owner, nowMs) {
      const held = { host: owner?.host ?? null, pid: owner?.pid ?? null, token: owner?.token ?? null };
      for (const record of records) insert.run({ ...columnsOf(record), ...held });
      if (owner !== null) live(owner, nowMs);
    },

    claim(id, owner, nowMs) {
      const claimed = claim.run({ host: owner.host, pid: owner.pid, token: owner.token, id }).changes === 1;
      if (claimed) live(owner, nowMs);
      return claimed;
    },

    reopen(record, owner, nowMs) {
      const { host, pid, token } = owner;
      const isOurs = reopen.run({ id: record.id, record: toJson(record), host, pid, token }).changes === 1;
      if (isOurs) live(owner, nowMs);
      return isOurs;
    },

    update(record, owner) {
      const written = update.run({ ...columnsOf(record), token: owner.token }).changes === 1;
      if (written && record.status !== 'queued' && record.status !== 'running') release.run(record.id);
      return written;
    },

    heartbeat(owner, nowMs) {
      live(owner, nowMs);
      return {
        held: Ids.parse(heldBy.all(owner.token)),
        stop: Ids.parse(stopRequests.all(owner.token)),
      };
    },

    requestStop: (id) => requestStop.run(id).changes === 1,

    held: () =>
      held.all().map((row) => {
        const { id, status, owner_host, owner_pid, owner_token, process, heartbeat_ms } = Held.parse(row);
        return {
          id,
          status,
          owner: { host: owner_host, pid: owner_pid, process, token: owner_token },
          heartbeatMs: heartbeat_ms,
        };
      }),

    after(number) {
      const rows = Numbered.parse(after.all(number));
      return { ids: rows.map(({ id }) => id), newest: rows.at(-1)?.number ?? number };
    },

    take({ id, status, owner: before }, { host, pid, token }) {
      return take.run({ id, status, before: before.token, host, pid, token }).changes === 1;
    },

    find(reference) {
      if (reference === 'last') {
        const row = newest.get();
        if (row === undefined) throw new UserError('There is no run yet. Start one with: layerbench train');
        return recordOf(row);
      }
      const exact = get(reference);
      if (exact !== undefined) return exact;
      const named = byName.get(reference);
      if (named !== undefined) return recordOf(named);
      const begun =
        reference === ''
          ? []
          : z.array(Known).parse(byBeginning.all(reference, `${reference}\u{10ffff}`, NAMED_RUNS + 1));
      const only = begun.length === 1 && begun[0] !== undefined ? get(begun[0].id) : undefined;
      if (only !== undefined) return only;
      if (begun.length > 1) {
        throw new UserError(
          `${reference} is the beginning of more than one run: ${namesOf(begun)}. Give more of its id.`,
        );
      }
      throw new UserError(noSuchRun(reference, z.array(Known).parse(everyName.all())));
    },

    list(filter = {}) {
      const { sql, values } = listQuery(filter);
      return database
        .prepare(sql)
        .all(...values)
        .map((row) => recordOf(row));
    },

    numberOf(id) {
      const number: unknown = numberOf.get(id);
      if (number === undefined) throw new UserError(`There is no run with the id ${id}.`);
      return z.int().parse(number);
    },
  };
}

/** Statements that a host repeats every second, whatever the number of runs: they have to go by an index. */
export const SELECT_STOP_REQUESTS = 'SELECT id FROM runs WHERE owner_token = ? AND stop_requested = 1';
export const SELECT_HELD = `SELECT id, status, owner_host, owner_pid, owner_token, process,
    coalesce(heartbeat_ms, 0) AS heartbeat_ms
  FROM runs LEFT JOIN owners ON token = owner_token
  WHERE owner_token IS NOT NULL AND status IN ('queued', 'running')`;

/** The statement that lists runs, and its values in order. */
export function listQuery(filter: RunFilter): { sql: string; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  conditions.push(filter.trashed === true ? 'trashed_at IS NOT NULL' : 'trashed_at IS NULL');
  if (filter.tag !== undefined) {
    conditions.push('EXISTS (SELECT 1 FROM json_each(tags) WHERE fold(value) = ?)');
    values.push(fold(filter.tag));
  }
  if (filter.starred === true) conditions.push('starred = 1');
  if (filter.status !== undefined && filter.status.length > 0) {
    conditions.push(`status IN (${filter.status.map(() => '?').join(', ')})`);
    values.push(...filter.status);
  }
  if (filter.name !== undefined) {
    conditions.push('instr(fold(name), ?) > 0');
    values.push(fold(filter.name));
  }
  if (filter.group !== undefined) {
    conditions.push('launch_group = ?');
    values.push(filter.group);
  }
  if (filter.dataset !== undefined) {
    // A folder is found by its own name too.
    conditions.push('(dataset = ? OR substr(dataset, -length(?)) IN (?, ?))');
    const under = [`/${filter.dataset}`, `\\${filter.dataset}`] as const;
    values.push(filter.dataset, under[0], ...under);
  }
  if (filter.olderThan !== undefined) {
    conditions.push('number < (SELECT number FROM runs WHERE id = ?)');
    values.push(filter.olderThan);
  }
  const column = SORT_COLUMNS[filter.sort ?? 'created'];
  const direction = (filter.descending ?? filter.sort === undefined) ? 'DESC' : 'ASC';
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')} ` : '';
  const order =
    column === 'number' ? `number ${direction}` : `${column} ${direction} NULLS LAST, number ${direction}`;
  values.push(filter.limit ?? -1);
  return { sql: `SELECT ${COLUMNS} FROM runs ${where}ORDER BY ${order} LIMIT ?`, values };
}

function columnsOf(record: RunRecord) {
  return {
    id: record.id,
    name: record.name,
    status: record.status,
    group: record.group,
    dataset: record.config.dataset,
    fingerprint: record.preparation?.datasetFingerprint ?? null,
    createdAt: record.createdAt,
    parameters: record.parameters,
    epochs: record.epochs,
    trainingAccuracy: record.last?.training.accuracy ?? null,
    devAccuracy: record.last?.dev?.accuracy ?? null,
    bestDevAccuracy: record.bests.devAccuracy?.value ?? null,
    record: toJson(record),
  };
}

function recordOf(raw: unknown): RunRecord {
  const row = Row.parse(raw);
  const owner =
    row.owner_host === null || row.owner_pid === null ? null : { host: row.owner_host, pid: row.owner_pid };
  const stored = z.looseObject({}).parse(fromJson(row.record));
  const record = RunRecord.safeParse({
    ...stored,
    status: row.status,
    name: row.name,
    tags: fromJson(row.tags),
    note: row.note,
    starred: row.starred === 1,
    trashedAt: row.trashed_at,
    owner: row.status === 'running' ? owner : null,
  });
  if (!record.success)
    throw new Error(`The row of run ${row.id} cannot be read: ${schemaSentence(record.error)}.`);
  return record.data;
}

function fold(text: unknown): string {
  return String(text).toLowerCase();
}

function namesOf(runs: readonly z.infer<typeof Known>[]): string {
  const named = runs.slice(0, NAMED_RUNS).map(({ id, name }) => `${id} (${name})`);
  return `${named.join(', ')}${runs.length > NAMED_RUNS ? ' and others' : ''}`;
}

/** Says what is near a reference that means no run: by a part of the name or id, or by a few letters that differ. */
function noSuchRun(reference: string, newestFirst: readonly z.infer<typeof Known>[]): string {
  if (newestFirst.length === 0)
    return `There is no run ${reference}, nor any other yet. Start one with: layerbench train`;
  const wanted = fold(reference);
  const near = newestFirst
    .flatMap((run) => {
      const nearness = Math.min(...[run.id, fold(run.name)].map((text) => nearnessOf(wanted, text)));
      return Number.isFinite(nearness) ? [{ run, nearness }] : [];
    })
    .sort((one, other) => one.nearness - other.nearness)
    .slice(0, NAMED_RUNS)
    .map(({ run }) => run);
  const hint =
    near.length > 0
      ? `Near it: ${namesOf(near)}.`
      : `The newest: ${namesOf(newestFirst.slice(0, NAMED_RUNS))}.`;
  return `There is no run ${reference}. ${hint} See all with: layerbench runs`;
}

/** Letters that differ, at most a third of them; a text that holds the other one is as near as one letter. */
function nearnessOf(wanted: string, text: string): number {
  const letters = distance(wanted, text);
  if (letters <= Math.max(1, Math.floor(Math.max(wanted.length, text.length) / 3))) return letters;
  return wanted.length >= 2 && text.includes(wanted) ? 1 : Infinity;
}
