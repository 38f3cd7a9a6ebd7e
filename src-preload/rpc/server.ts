import { z } from 'zod';
import { type Call, calls, type CallResult, type Stream, type StreamItem, streams } from '../contract/api.ts';
import { type ErrorRecord, schemaSentence, toErrorRecord, UserError } from '../contract/errors.ts';
import { ClientMessage, type ServerMessage, type Transport } from './transport.ts';

/** Parameters of a call as they are after the check: defaults filled in. */
export type CheckedCallParams<Name extends Call> = z.output<(typeof calls)[Name]['params']>;
/** Parameters of a stream likewise. */
export type CheckedStreamParams<Name extends Stream> = z.output<(typeof streams)[Name]['params']>;

/** Where a stream puts what it brings. */
export interface Outlet<Item> {
  /** Items that are given together are carried together. */
  send(items: readonly Item[]): void;
  /** Whether the listener is behind: what can be merged should wait. */
  isBusy(): boolean;
}

/** What answers: a function for every call and every stream of the contract. */
export interface Handlers {
  readonly calls: {
    readonly [Name in Call]: (
      params: CheckedCallParams<Name>,
      /** Aborted when nobody waits for the answer any more. */
      signal: AbortSignal,
    ) => CallResult<Name> | Promise<CallResult<Name>>;
  };
  /** @returns what ends the stream. */
  readonly streams: {
    readonly [Name in Stream]: (
      params: CheckedStreamParams<Name>,
      outlet: Outlet<StreamItem<Name>>,
    ) => () => void;
  };
}

/** What is told of what nobody foresaw. */
export interface ServeOptions {
  /** Takes what broke, with its stack, for the log: a client is told the message alone. */
  readonly onFailure?: (error: unknown) => void;
  /** The most calls and streams that may be open at once. */
  readonly mostOpen?: number;
}

const MOST_OPEN = 256;

const Numbered = z.object({ id: z.int().min(0) });

/**
 * Answers one client until its transport closes; then everything that it opened is disposed of. What comes in is
 * checked against the contract, and what breaks is told without its stack.
 */
export function serve(
  transport: Transport,
  handlers: Handlers,
  { onFailure = () => undefined, mostOpen = MOST_OPEN }: ServeOptions = {},
): void {
  const open = new Map<number, () => void>();
  let closed = false;

  function call(id: number, name: Call, params: unknown): void {
    const gone = new AbortController();
    open.set(id, () => {
      gone.abort();
    });
    async function result(): Promise<CallResult<Call>> {
      // Of the type that the handler of this name takes, since its schema has let it pass.
      return handlers.calls[name](checked(calls[name].params, params) as never, gone.signal);
    }
    result().then(
      (value) => {
        answer(id, { kind: 'result', id, result: value });
      },
      (error: unknown) => {
        // Of a call that was given up its end is no failure, and nobody waits for it.
        if (!gone.signal.aborted) answer(id, { kind: 'error', id, error: told(error) });
      },
    );
  }

  function follow(id: number, name: Stream, params: unknown): void {
    let ended = false;
    let end: (() => void) | undefined;
    function leave(): void {
      ended = true;
      end?.();
    }
    open.set(id, leave);
    try {
      end = handlers.streams[name](checked(streams[name].params, params) as never, {
        send(items) {
          if (closed || ended || items.length === 0) return;
          try {
            transport.send({ kind: 'items', id, items: [...items] });
          } catch (error) {
            answer(id, { kind: 'error', id, error: told(error) });
            leave();
          }
        },
        isBusy: () => transport.isBusy(),
      });
      // It may have been left, or have failed, while it began.
      if (ended as boolean) end();
    } catch (error) {
      answer(id, { kind: 'error', id, error: told(error) });
    }
  }

  /** The last word of an id, where somebody still waits for it; what cannot be carried becomes an error. */
  function answer(id: number, message: ServerMessage): void {
    if (!open.delete(id) || closed) return;
    try {
      transport.send(message);
    } catch (error) {
      transport.send({ kind: 'error', id, error: told(error) });
    }
  }

  function refuse(id: number, message: string): void {
    transport.send({ kind: 'error', id, error: { kind: 'user', message } });
  }

  function told(error: unknown): ErrorRecord {
    const { kind, message } = toErrorRecord(error);
    if (kind === 'failure') onFailure(error);
    return { kind, message };
  }

  transport.onMessage((raw) => {
    if (closed) return;
    const read = ClientMessage.safeParse(raw);
    if (!read.success) {
      const numbered = Numbered.safeParse(raw);
      if (numbered.success) refuse(numbered.data.id, `No such message: ${schemaSentence(read.error)}.`);
      // Without a number there is nobody to answer; a client of ours never sends this.
      else transport.close();
      return;
    }
    const message = read.data;
    const { id } = message;
    if (message.kind === 'dispose') {
      const end = open.get(id);
      open.delete(id);
      end?.();
    } else if (open.has(id)) {
      refuse(id, `The number ${id} is taken by a call that is still open.`);
    } else if (open.size >= mostOpen) {
      refuse(id, `There are ${mostOpen} calls and streams open already; wait for some to end.`);
    } else if (message.kind === 'call' && isCall(message.name)) {
      call(id, message.name, message.params);
    } else if (message.kind === 'follow' && isStream(message.name)) {
      follow(id, message.name, message.params);
    } else {
      refuse(id, `There is no ${message.kind === 'call' ? 'call' : 'stream'} of that name.`);
    }
  });
  transport.onClose(() => {
    closed = true;
    const ends = [...open.values()];
    open.clear();
    for (const end of ends) end();
  });
}

/** A value that its schema has let pass. @throws UserError */
function checked(schema: z.ZodType, value: unknown): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new UserError(`What was asked for is not possible: ${schemaSentence(read.error)}.`);
}

function isCall(name: string): name is Call {
  return Object.hasOwn(calls, name);
}

function isStream(name: string): name is Stream {
  return Object.hasOwn(streams, name);
}
