import { z } from 'zod';

/**
 * An error that its reader can mend. The message is one or two whole sentences: what was wrong, where, and
 * what to do about it. Doors show it without a stack trace; the terminal exits with code 2.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** A disk has no room for what is to be written, and could have it once other things on it are gone. */
export class NeedsRoom extends UserError {
  /** Bytes that are wanted. */
  readonly bytes: number;
  constructor(message: string, bytes: number) {
    super(message);
    this.bytes = bytes;
  }
}

/** How a failure crosses a process: a plain record, because an Error loses its class on the way. */
export const ErrorRecord = z.object({
  /** `user`: the reader can mend it; `failure`: something broke. */
  kind: z.enum(['user', 'failure']),
  message: z.string(),
  /** Where it broke; only of failures, for the log, never for a page. */
  stack: z.string().optional(),
  /** Bytes that a full disk would have to have, where they could be freed there. */
  room: z.number().nonnegative().optional(),
});
export type ErrorRecord = z.infer<typeof ErrorRecord>;

/** The record of any thrown value. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  if (thrown instanceof NeedsRoom) return { kind: 'user', message: thrown.message, room: thrown.bytes };
  if (thrown instanceof UserError) return { kind: 'user', message: thrown.message };
  if (thrown instanceof Error) {
    return { kind: 'failure', message: thrown.message, ...(thrown.stack ? { stack: thrown.stack } : {}) };
  }
  return { kind: 'failure', message: String(thrown) };
}

/** The error that a record stands for: a `UserError` stays one. */
export function fromErrorRecord(record: ErrorRecord): Error {
  if (record.kind === 'user') {
    return record.room === undefined
      ? new UserError(record.message)
      : new NeedsRoom(record.message, record.room);
  }
  const error = new Error(record.message);
  if (record.stack !== undefined) error.stack = record.stack;
  return error;
}

/** One sentence for each thing that a schema found wrong: `path: message`, joined by `; `. */
export function schemaSentence(error: z.ZodError): string {
  return error.issues
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('; ');
}
