import { defineStore } from 'pinia';
import { ref } from 'vue';
import type {
  Call,
  CallParams,
  CallResult,
  Stream,
  StreamItem,
  StreamParams,
} from '../../src-preload/contract/api.ts';
import type { Progress } from '../../src-preload/contract/data-process.ts';
import { fromErrorRecord } from '../../src-preload/contract/errors.ts';
import type { WatchedEvent } from '../../src-preload/contract/events.ts';
import { type Client, ConnectionLost, createClient } from '../../src-preload/rpc/client.ts';
import { openTransport } from './open-transport.ts';
import { paced } from './paced.ts';

/** Milliseconds before a lost connection is tried again: the first time, and at most. */
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 5000;

/** Milliseconds between two times that the page is told what has come in. */
const PACE_MS = 50;

/** Streams that bring what long work tells. */
type LongWork = Exclude<Stream, 'events'>;
type LongResult<Name extends LongWork> = Extract<StreamItem<Name>, { kind: 'done' }>['result'];

type EventListener = (event: WatchedEvent) => void;

/**
 * The connection to the workbench, taken up again whenever it is lost. Calls wait for it; events come to whoever
 * listens, and after each new connection `generation` grows: what is shown is to be read anew.
 */
export const useConnection = defineStore('connection', () => {
  const state = ref<'connecting' | 'open' | 'lost'>('connecting');
  const generation = ref(0);
  const about = ref<CallResult<'about'>>();
  const listeners = new Set<EventListener>();
  let wait = FIRST_WAIT_MS;
  let current: Promise<Client> | undefined;
  let events: WatchedEvent[] = [];
  const telling = paced(() => {
    const told = events;
    events = [];
    for (const event of told) for (const listener of listeners) listener(event);
  }, PACE_MS);

  function connect(): Promise<Client> {
    const client = createClient(openTransport());
    client.onClose(() => {
      state.value = 'lost';
      current = undefined;
      setTimeout(() => (current ??= connect()), wait);
      wait = Math.min(LONGEST_WAIT_MS, wait * 2);
    });
    client.follow('events', {}, (event) => {
      events.push(event);
      telling.due();
    });
    return client.call('about', {}).then((answer) => {
      about.value = answer;
      wait = FIRST_WAIT_MS;
      state.value = 'open';
      generation.value++;
      return client;
    });
  }

  function ready(): Promise<Client> {
    current ??= connect();
    // What waits for a connection that fails hears of it through its own call.
    current.catch(() => undefined);
    return current;
  }

  void ready().catch(() => undefined);

  return {
    state,
    generation,
    about,
    /** @throws UserError, ConnectionLost, or Error for what broke. */
    async call<Name extends Call>(
      name: Name,
      params: CallParams<Name>,
      signal?: AbortSignal,
    ): Promise<CallResult<Name>> {
      return (await ready()).call(name, params, signal);
    },
    /**
     * Follows long work to its end.
     * @param signal gives it up.
     * @throws UserError, ConnectionLost, the signal's reason, or Error for what broke.
     */
    async longWork<Name extends LongWork>(
      name: Name,
      params: StreamParams<Name>,
      onProgress: (progress: Progress) => void,
      signal: AbortSignal,
    ): Promise<LongResult<Name>> {
      const client = await ready();
      signal.throwIfAborted();
      return new Promise((resolve, reject) => {
        const leave = client.follow(
          name,
          params,
          (item) => {
            if (item.kind === 'progress') {
              onProgress(item.progress);
              return;
            }
            leave();
            if (item.kind === 'done') resolve(item.result);
            else reject(fromErrorRecord(item.error));
          },
          reject,
        );
        signal.addEventListener('abort', () => {
          leave();
          reject(toError(signal.reason));
        });
      });
    },
    /** @returns what ends the listening. */
    onEvent(listener: EventListener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
});

/** Whether an error only says that the connection is gone, which the page shows anyway. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof ConnectionLost;
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
