import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { toJson } from './json.ts';

/** What people say of a run; only what is given is changed. */
export interface Organization {
  readonly name?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly note?: string | undefined;
  readonly starred?: boolean | undefined;
  /** ISO 8601; null takes it out of the trash. */
  readonly trashedAt?: string | null | undefined;
}

/** A run that was changed or removed, in the order that it happened. */
export interface Change {
  readonly number: number;
  readonly run: string;
  readonly isRemoved: boolean;
}

/** What is said of runs, and choices of the window. Every call that writes is to be within the caller's transaction. */
export interface OrganizationTable {
  organize(id: string, changes: Organization): void;
  /** Removes a run with everything that is kept of it in the database. */
  remove(id: string): void;
  changesAfter(number: number): Change[];
  newestChange(): number;
  preference(key: string): unknown;
  setPreference(key: string, value: unknown): void;
}

/** Changes older than so many are forgotten: whoever looks every few moments has seen them. */
const KEPT_CHANGES = 10_000;

const Changes = z.array(z.object({ number: z.int(), run: z.string(), removed: z.int() }));

export function openOrganizationTable(database: Database): OrganizationTable {
  const note = database.prepare('INSERT INTO changes (run, removed) VALUES (?, ?)');
  const forget = database.prepare('DELETE FROM changes WHERE number <= ?');
  const remove = database.prepare('DELETE FROM runs WHERE id = ?');
  const after = database.prepare('SELECT number, run, removed FROM changes WHERE number > ? ORDER BY number');
  const newest = database.prepare('SELECT coalesce(max(number), 0) FROM changes').pluck();
  const read = database.prepare('SELECT value FROM preferences WHERE key = ?').pluck();
  const write = database.prepare(
    'INSERT INTO preferences (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  );
  const columns = {
    name: database.prepare('UPDATE runs SET name = ? WHERE id = ?'),
    tags: database.prepare('UPDATE runs SET tags = ? WHERE id = ?'),
    note: database.prepare('UPDATE runs SET note = ? WHERE id = ?'),
    starred: database.prepare('UPDATE runs SET starred = ? WHERE id = ?'),
    trashedAt: database.prepare('UPDATE runs SET trashed_at = ? WHERE id = ?'),
  };

  function changed(id: string, isRemoved: boolean): void {
    const { lastInsertRowid } = note.run(id, Number(isRemoved));
    forget.run(Number(lastInsertRowid) - KEPT_CHANGES);
  }

  return {
    organize(id, { name, tags, note: text, starred, trashedAt }) {
      if (name !== undefined) columns.name.run(name, id);
      if (tags !== undefined) columns.tags.run(toJson(tags), id);
      if (text !== undefined) columns.note.run(text, id);
      if (starred !== undefined) columns.starred.run(Number(starred), id);
      if (trashedAt !== undefined) columns.trashedAt.run(trashedAt, id);
      changed(id, false);
    },
    remove(id) {
      remove.run(id);
      changed(id, true);
    },
    changesAfter: (number) =>
      Changes.parse(after.all(number)).map(({ number: at, run, removed }) => ({
        number: at,
        run,
        isRemoved: removed === 1,
      })),
    newestChange: () => z.int().parse(newest.get()),
    preference(key) {
      const text: unknown = read.get(key);
      return typeof text === 'string' ? (JSON.parse(text) as unknown) : null;
    },
    setPreference(key, value) {
      write.run(key, JSON.stringify(value));
    },
  };
}
