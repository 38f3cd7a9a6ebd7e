import {
  type DataCall,
  type DataParams,
  DataReply,
  type DataRequest,
  type DataResult,
  type Progress,
  dataCalls,
} from '../../src-preload/contract/data-process.ts';
import { fromErrorRecord } from '../../src-preload/contract/errors.ts';
import type { HostedProcess, ProcessHost } from './process-host.ts';

/** Milliseconds that a process has to give up what it was asked for, before it is given up. */
const CANCEL_MS = 3000;

interface Pending {
  readonly target: HostedProcess;
  readonly settle: (result: unknown) => void;
  readonly fail: (error: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** The process that was asked has ended before it answered. */
export class DataProcessEnded extends Error {
  override readonly name = 'DataProcessEnded';
  /** How, as its host says. */
  readonly how: string;

  constructor(how: string) {
    super(`The process that prepares images ended (${how}).`);
    this.how = how;
  }
}

/** Calls to a data process, which is started by the first of them and again after it died. */
export interface DataClient {
  /**
   * @throws UserError or Error as the process answered; DataProcessEnded when it ended before it did.
   */
  call<Call extends DataCall>(
    call: Call,
    params: DataParams<Call>,
    options?: {
      readonly onProgress?: ((progress: Progress) => void) | undefined;
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<DataResult<Call>>;
  /** Ends the process; calls in flight fail. */
  close(): void;
}

/** @param entry absolute path of the data process's script. */
export function createDataClient(host: ProcessHost, entry: string): DataClient {
  const pending = new Map<number, Pending>();
  let hosted: HostedProcess | undefined;
  let nextId = 1;

  function start(): HostedProcess {
    const started = host.start(entry);
    started.onMessage((message) => {
      const reply = DataReply.parse(message);
      const call = pending.get(reply.id);
      if (call === undefined) return;
      if (reply.kind === 'progress') {
        call.onProgress?.(reply.progress);
        return;
      }
      pending.delete(reply.id);
      if (reply.kind === 'error') call.fail(fromErrorRecord(reply.error));
      else call.settle(reply.result);
      if (hosted !== started) endIdle(started);
    });
    started.onExit((how) => {
      if (hosted === started) hosted = undefined;
      for (const [id, call] of [...pending]) {
        if (call.target !== started) continue;
        pending.delete(id);
        call.fail(new DataProcessEnded(how));
      }
    });
    return started;
  }

  function endIdle(target: HostedProcess): void {
    if (![...pending.values()].some((call) => call.target === target)) target.kill();
  }

  /**
   * Gives up a call that is not answered, such as one that is stuck on a disk that does not answer, and the process
   * with it, where nobody else waits for it: others are asked of a new one.
   */
  function abandon(id: number): void {
    const call = pending.get(id);
    if (call === undefined) return;
    pending.delete(id);
    if (hosted === call.target) hosted = undefined;
    endIdle(call.target);
    call.fail(new DataProcessEnded('it did not answer'));
  }

  return {
    async call(call, params, callOptions = {}) {
      hosted ??= start();
      const target = hosted;
      const id = nextId++;
      const answer = new Promise<unknown>((settle, fail) => {
        pending.set(id, { target, settle, fail, onProgress: callOptions.onProgress });
      });
      let giveUp: NodeJS.Timeout | undefined;
      function cancel(): void {
        target.post({ kind: 'cancel', id } satisfies DataRequest);
        giveUp = setTimeout(abandon, CANCEL_MS, id);
      }
      callOptions.signal?.addEventListener('abort', cancel, { once: true });
      target.post({ kind: 'call', id, call, params } satisfies DataRequest);
      if (callOptions.signal?.aborted === true) cancel();
      try {
        return dataCalls[call].result.parse(await answer) as DataResult<typeof call>;
      } finally {
        callOptions.signal?.removeEventListener('abort', cancel);
        clearTimeout(giveUp);
      }
    },
    close() {
      for (const target of new Set([hosted, ...[...pending.values()].map((call) => call.target)]))
        target?.kill();
    },
  };
}
