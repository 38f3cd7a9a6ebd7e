import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';
import { RunRecord, type RunStatus } from '../../src-preload/contract/run.ts';
import { fromJson, toJson } from './json.ts';

/** Who holds a run: a process of a machine; the token tells two processes of one id apart. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly token: string;
}

/** A run that somebody holds, and when that one was last heard of (ms since 1970). */
export interface HeldRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly owner: Owner;
  readonly heartbeatMs: number;
}

/** Columns that runs are sorted by. */
export const SORT_COLUMNS = {
  created: 'number',
  name: 'name',
  status: 'status',
  dataset: 'dataset',
  parameters: 'parameters',
  epochs: 'epochs',
  'training-accuracy': 'training_accuracy',
  'dev-accuracy': 'dev_accuracy',
} as const;
export type SortColumn = keyof typeof SORT_COLUMNS;

/** Which runs, in which order; newest first where nothing is said. */
export interface RunFilter {
  readonly status?: readonly string[];
  /** Part of the name, whatever its case. */
  readonly name?: string;
  readonly dataset?: string;
  readonly sort?: SortColumn;
  readonly descending?: boolean;
  readonly limit?: number;
}

const Row = z.object({
  number: z.int(),
  record: z.string(),
  status: z.string(),
  owner_host: z.string().nullable(),
  owner_pid: z.int().nullable(),
});
const Held = z.object({
  id: z.string(),
  status: z.string(),
  owner_host: z.string(),
  owner_pid: z.int(),
  owner_token: z.string(),
  heartbeat_ms: z.int(),
});
const Columns = 'number, record, status, owner_host, owner_pid';

/** The table of runs. */
export type RunTable = ReturnType<typeof openRunTable>;

export function openRunTable(database: Database) {
  const insert = database.prepare(
    `INSERT INTO runs (id, name, status, dataset, created_at, parameters, epochs, training_accuracy, dev_accuracy, record, owner_host, owner_pid, owner_token, heartbeat_ms)
     VALUES (@id, @name, @status, @dataset, @createdAt, @parameters, @epochs, @trainingAccuracy, @devAccuracy, @record, @host, @pid, @token, @heartbeat)`,
  );
  const update = database.prepare(
    `UPDATE runs SET status = @status, parameters = @parameters, epochs = @epochs, training_accuracy = @trainingAccuracy,
       dev_accuracy = @devAccuracy, record = @record WHERE id = @id AND owner_token = @token`,
  );
  const release = database.prepare(
    'UPDATE runs SET owner_host = NULL, owner_pid = NULL, owner_token = NULL, heartbeat_ms = NULL, stop_requested = 0 WHERE id = ?',
  );
  const claim = database.prepare(
    "UPDATE runs SET status = 'running' WHERE id = ? AND owner_token = ? AND status = 'queued'",
  );
  const beat = database.prepare('UPDATE runs SET heartbeat_ms = ? WHERE owner_token = ?');
  const stopRequests = database.prepare('SELECT id FROM runs WHERE owner_token = ? AND stop_requested = 1');
  const requestStop = database.prepare(
    'UPDATE runs SET stop_requested = 1 WHERE id = ? AND owner_token IS NOT NULL',
  );
  const held = database.prepare(
    "SELECT id, status, owner_host, owner_pid, owner_token, heartbeat_ms FROM runs WHERE status IN ('queued', 'running') AND owner_token IS NOT NULL",
  );
  const take = database.prepare(
    'UPDATE runs SET owner_token = @token WHERE id = @id AND owner_token = @before',
  );
  const byId = database.prepare(`SELECT ${Columns} FROM runs WHERE id = ?`);
  const byBeginning = database.prepare(`SELECT ${Columns} FROM runs WHERE id >= ? AND id < ? LIMIT 11`);
  const byName = database.prepare(`SELECT ${Columns} FROM runs WHERE name = ? ORDER BY number DESC LIMIT 1`);
  const newest = database.prepare(`SELECT ${Columns} FROM runs ORDER BY number DESC LIMIT ?`);

  function columnsOf(record: RunRecord) {
    return {
      id: record.id,
      name: record.name,
      status: record.status,
      dataset: record.config.dataset,
      createdAt: record.createdAt,
      parameters: record.parameters,
      epochs: record.epochs,
      trainingAccuracy: record.last?.training.accuracy ?? null,
      devAccuracy: record.last?.dev?.accuracy ?? null,
      record: toJson(record),
    };
  }

  function get(id: string): RunRecord | undefined {
    const row = byId.get(id);
    return row === undefined ? undefined : recordOf(row);
  }

  return {
    get,
    insert(record: RunRecord, owner: Owner, nowMs: number): void {
      insert.run({ ...columnsOf(record), ...owner, heartbeat: nowMs });
    },

    /** Writes a run that its owner holds; false where another has taken it. */
    update(record: RunRecord, owner: Owner): boolean {
      const written = update.run({ ...columnsOf(record), token: owner.token }).changes === 1;
      if (written && record.status !== 'queued' && record.status !== 'running') release.run(record.id);
      return written;
    },

    /** Makes a queued run a running one; false where it is not queued any more, or another's. */
    claim: (id: string, owner: Owner): boolean => claim.run(id, owner.token).changes === 1,

    /** Says that the owner lives, and gives the runs it is asked to stop. */
    heartbeat(owner: Owner, nowMs: number): string[] {
      beat.run(nowMs, owner.token);
      return stopRequests.all(owner.token).map((row) => z.object({ id: z.string() }).parse(row).id);
    },

    /** Asks whoever holds a run to stop it; false where nobody does. */
    requestStop: (id: string): boolean => requestStop.run(id).changes === 1,

    /** Queued and running runs, with who holds them. */
    held(): HeldRun[] {
      return held.all().map((row) => {
        const one = Held.parse(row);
        return {
          id: one.id,
          status: one.status as RunStatus,
          owner: { host: one.owner_host, pid: one.owner_pid, token: one.owner_token },
          heartbeatMs: one.heartbeat_ms,
        };
      });
    },

    /** Takes a run from an owner, if it still is that one's. */
    take: (id: string, before: Owner, owner: Owner): boolean =>
      take.run({ id, before: before.token, token: owner.token }).changes === 1,

    /**
     * The run that a text means: its id, a beginning of it, its name (the latest of that name), or `last`.
     * @throws UserError where there is none, or more than one.
     */
    find(reference: string): RunRecord {
      if (reference === 'last') {
        const row = newest.get(1);
        if (row === undefined) throw new UserError('There is no run yet. Start one with: layerbench train');
        return recordOf(row);
      }
      const exact = get(reference);
      if (exact !== undefined) return exact;
      const named = byName.get(reference);
      if (named !== undefined) return recordOf(named);
      const rows = reference === '' ? [] : byBeginning.all(reference, `${reference}\u{10ffff}`);
      if (rows.length === 1) return recordOf(rows[0]);
      if (rows.length > 1) {
        const ids = rows.map((row) => recordOf(row).id);
        throw new UserError(
          `${reference} is the beginning of more than one run: ${ids.join(', ')}. Give more of it.`,
        );
      }
      const known = newest.all(5).map((row) => recordOf(row));
      const hint =
        known.length === 0
          ? 'There is no run yet.'
          : `The latest are ${known.map((run) => `${run.id} (${run.name})`).join(', ')}; see them all with: layerbench runs`;
      throw new UserError(`There is no run ${reference}. ${hint}`);
    },

    list(filter: RunFilter = {}): RunRecord[] {
      const conditions: string[] = [];
      const values: (string | number)[] = [];
      if (filter.status !== undefined && filter.status.length > 0) {
        conditions.push(`status IN (${filter.status.map(() => '?').join(', ')})`);
        values.push(...filter.status);
      }
      if (filter.name !== undefined) {
        conditions.push('instr(lower(name), lower(?)) > 0');
        values.push(filter.name);
      }
      if (filter.dataset !== undefined) {
        conditions.push('dataset = ?');
        values.push(filter.dataset);
      }
      const column = SORT_COLUMNS[filter.sort ?? 'created'];
      const direction = (filter.descending ?? filter.sort === undefined) ? 'DESC' : 'ASC';
      const sql = `SELECT ${Columns} FROM runs ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY ${column} ${direction} NULLS LAST, number ${direction} LIMIT ?`;
      return database
        .prepare(sql)
        .all(...values, filter.limit ?? -1)
        .map((row) => recordOf(row));
    },

    numberOf(id: string): number {
      const row = byId.get(id);
      if (row === undefined) throw new UserError(`There is no run ${id}.`);
      return Row.parse(row).number;
    },
  };
}

function recordOf(raw: unknown): RunRecord {
  const row = Row.parse(raw);
  const owner =
    row.owner_host === null || row.owner_pid === null ? null : { host: row.owner_host, pid: row.owner_pid };
  const stored = z.looseObject({}).parse(fromJson(row.record));
  return RunRecord.parse({ ...stored, status: row.status, owner: row.status === 'running' ? owner : null });
}
