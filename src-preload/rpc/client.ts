import type { z } from 'zod';
import {
  type Call,
  calls,
  type CallParams,
  type CallResult,
  type Stream,
  type StreamItem,
  type StreamParams,
  streams,
} from '../contract/api.ts';
import { fromErrorRecord } from '../contract/errors.ts';
import { type ClientMessage, ServerMessage, type Transport } from './transport.ts';

/** Why a call or a stream ended that had not been answered: the way to the other side is gone. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  constructor() {
    super('The connection to Layerbench is lost.');
  }
}

/** The typed calls and streams of the contract, over a transport. */
export interface Client {
  /**
   * @throws UserError for what its reader can mend, Error for what broke, ConnectionLost, or the signal's reason.
   */
  call<Name extends Call>(
    name: Name,
    params: CallParams<Name>,
    signal?: AbortSignal,
  ): Promise<CallResult<Name>>;
  /**
   * @param listener is told each item, in order, until the stream is left.
   * @param failed is told once, where the stream ends by itself.
   * @returns what leaves it.
   */
  follow<Name extends Stream>(
    name: Name,
    params: StreamParams<Name>,
    listener: (item: StreamItem<Name>) => void,
    failed?: (error: Error) => void,
  ): () => void;
  /** Told once, when the connection has ended, whoever ended it; at once where it has already. */
  onClose(listener: () => void): void;
  close(): void;
}

interface Entry {
  /** Takes a result, or what a stream brought; says whether more may come. */
  readonly take: (values: readonly unknown[]) => boolean;
  readonly fail: (error: Error) => void;
}

export function createClient(transport: Transport): Client {
  const open = new Map<number, Entry>();
  const closeListeners: (() => void)[] = [];
  let nextId = 0;
  let closed = false;

  transport.onMessage((raw) => {
    const read = ServerMessage.safeParse(raw);
    if (!read.success) {
      // Whoever answers like this is no server of ours: nothing that it says can be relied on.
      transport.close();
      return;
    }
    const message = read.data;
    const entry = open.get(message.id);
    // Given up meanwhile.
    if (entry === undefined) return;
    if (message.kind === 'items') {
      if (!entry.take(message.items)) dispose(message.id);
      return;
    }
    open.delete(message.id);
    if (message.kind === 'error') entry.fail(fromErrorRecord(message.error));
    else entry.take([message.result]);
  });
  transport.onClose(() => {
    closed = true;
    const waiting = [...open.values()];
    open.clear();
    for (const { fail } of waiting) fail(new ConnectionLost());
    for (const listener of closeListeners) listener();
  });

  function ask(message: ClientMessage, entry: Entry): void {
    open.set(message.id, entry);
    try {
      transport.send(message);
    } catch (error) {
      open.delete(message.id);
      entry.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  function dispose(id: number): void {
    if (open.delete(id) && !closed) transport.send({ kind: 'dispose', id });
  }

  return {
    call<Name extends Call>(name: Name, params: CallParams<Name>, signal?: AbortSignal) {
      return new Promise<CallResult<Name>>((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(reasonOf(signal));
          return;
        }
        if (closed) {
          reject(new ConnectionLost());
          return;
        }
        const id = nextId++;
        function abort(): void {
          dispose(id);
          if (signal !== undefined) reject(reasonOf(signal));
        }
        signal?.addEventListener('abort', abort, { once: true });
        ask(
          { kind: 'call', id, name, params },
          {
            take([value]) {
              signal?.removeEventListener('abort', abort);
              const schema: z.ZodType = calls[name].result;
              const checked = schema.safeParse(value);
              if (checked.success) resolve(checked.data as CallResult<Name>);
              else reject(new Error(`The answer to ${name} is not what the contract says.`));
              return false;
            },
            fail(error) {
              signal?.removeEventListener('abort', abort);
              reject(error);
            },
          },
        );
      });
    },
    follow<Name extends Stream>(
      name: Name,
      params: StreamParams<Name>,
      listener: (item: StreamItem<Name>) => void,
      failed: (error: Error) => void = () => undefined,
    ) {
      if (closed) {
        failed(new ConnectionLost());
        return () => undefined;
      }
      const id = nextId++;
      const schema: z.ZodType = streams[name].item;
      ask(
        { kind: 'follow', id, name, params },
        {
          take(values) {
            for (const value of values) {
              // The listener may leave the stream at any item.
              if (!open.has(id)) return false;
              const checked = schema.safeParse(value);
              if (!checked.success) {
                failed(new Error(`What ${name} brought is not what the contract says.`));
                return false;
              }
              listener(checked.data as StreamItem<Name>);
            }
            return true;
          },
          fail: failed,
        },
      );
      return () => {
        dispose(id);
      };
    },
    onClose(listener) {
      if (closed) listener();
      else closeListeners.push(listener);
    },
    close() {
      transport.close();
    },
  };
}

function reasonOf(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('The call was given up.');
}
