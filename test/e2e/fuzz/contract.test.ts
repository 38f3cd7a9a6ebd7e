import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { createKnownFolders, onKnownFolders } from '../../../src-main/desktop/known-folders.ts';
import { startServer } from '../../../src-main/server/main.ts';
import { apiHandlers } from '../../../src-main/workbench/api-handlers.ts';
import { openHome } from '../../../src-main/workbench/home.ts';
import { openWorkbench, type Workbench } from '../../../src-main/workbench/workbench.ts';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { decodeMessage, encodeMessage } from '../../../src-preload/rpc/message-encoding.ts';
import { serve } from '../../../src-preload/rpc/server.ts';
import { ServerMessage, type Transport } from '../../../src-preload/rpc/transport.ts';
import { contractMessages, mayBeTold } from '../../support/fuzz/contract-messages.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { noProcesses } from '../../support/workbench/no-processes.ts';

/** Messages through each door; a hundred thousand take some minutes. */
const MESSAGES = Number(process.env['LAYERBENCH_FUZZ'] ?? 10_000);

const message = contractMessages(RunConfig.parse({}));

function openBench(): Workbench {
  const home = temporaryFolder();
  const workbench = openWorkbench({
    home: openHome({ LAYERBENCH_HOME: home }),
    host: noProcesses,
    entries: {
      data: join(home, 'data.js'),
      training: join(home, 'training.js'),
      logKeeper: join(home, 'log.js'),
      curveReader: join(home, 'curves.js'),
    },
    appVersion: '1',
    onFailure(error) {
      throw error;
    },
  });
  workbench.launch([RunConfig.parse({}), RunConfig.parse({ expId: 'other' })]);
  onTestFinished(() => workbench.close());
  return workbench;
}

/** What breaks here is what was made to: every process ends at once. */
function brokeAsMeant(told: ServerMessage): void {
  mayBeTold(told);
  if (told.kind === 'error' && told.error.kind === 'failure')
    expect(told.error.message).toMatch(/^The (process that prepares images|training process) ended\b/);
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** A call ends with its answer; what need not be answered ends with that of a call that was sent after it. */
function isOver(given: Record<string, unknown>, told: ServerMessage, id: number): boolean {
  return told.id === (given['kind'] === 'call' ? id : id + 1);
}

/** Leaves a stream that may have been opened, and asks for something that is always answered. */
function askAfter(send: (message: unknown) => void, id: number): void {
  send({ kind: 'call', id: id + 1, name: 'queue', params: {} });
  send({ kind: 'dispose', id });
}

/** Sends every message and waits for its answer: one that never comes is a hang, which the test's time limit ends. */
async function fuzz(ask: (message: Record<string, unknown>) => Promise<ServerMessage | null>): Promise<void> {
  const answers = { result: 0, items: 0, error: 0, none: 0 };
  let [half, done] = [0, 0];
  await fc.assert(
    fc.asyncProperty(message, async (given) => {
      const answer = await ask(given);
      answers[answer?.kind ?? 'none']++;
      if (answer !== null) brokeAsMeant(answer);
      done++;
      if (done === Math.floor(MESSAGES / 2)) half = heapBytes();
    }),
    { numRuns: MESSAGES, seed: 20260401, endOnFailure: true },
  );
  console.log(`${MESSAGES} messages: ${JSON.stringify(answers)}`);
  expect(answers.result).toBeGreaterThan(0);
  expect(answers.error).toBeGreaterThan(0);
  // Less than a kilobyte for each message that came after the first half.
  expect(heapBytes() - half).toBeLessThan(8e6 + MESSAGES * 512);
}

describe(`${MESSAGES} messages, as the contract has them and otherwise, are answered`, () => {
  test(
    'through the web server',
    async () => {
      const server = await startServer({
        folder: temporaryFolder(),
        handlers: apiHandlers(openBench()),
        host: '127.0.0.1',
        port: 0,
        onFailure: () => undefined,
      });
      onTestFinished(() => server.close());
      const link = new URL(server.link);
      const answer = await fetch(link, { redirect: 'manual' });
      const cookie = String(answer.headers.get('set-cookie')).split(';')[0] ?? '';
      let socket: WebSocket | undefined;
      let sent = 0;

      async function open(): Promise<WebSocket> {
        const opened = new WebSocket(`ws://${link.host}/api`, { headers: { cookie, origin: link.origin } });
        await new Promise((resolve, reject) => {
          opened.once('open', resolve);
          opened.once('error', reject);
        });
        return opened;
      }
      await fuzz(async (given) => {
        // One page may not send so many in so short a time.
        if (socket?.readyState !== WebSocket.OPEN || sent++ % 500 === 499) {
          socket?.terminate();
          socket = await open();
        }
        const own = socket;
        const id = 2 * sent;
        let bytes: Uint8Array;
        try {
          bytes = encodeMessage({ ...given, id });
        } catch {
          return null;
        }
        return new Promise((resolve) => {
          let first: ServerMessage | null = null;
          function end(): void {
            own.removeAllListeners('message');
            own.removeAllListeners('close');
            resolve(first);
          }
          own.once('close', end);
          own.on('message', (data: Buffer) => {
            const told = ServerMessage.parse(decodeMessage(new Uint8Array(data)));
            if (told.id === id) first ??= told;
            if (isOver(given, told, id)) end();
          });
          own.send(bytes);
          if (given['kind'] !== 'call')
            askAfter((message) => {
              own.send(encodeMessage(message));
            }, id);
        });
      });
      socket?.terminate();
    },
    60_000 + MESSAGES * 20,
  );

  test(
    "through the window's own door, where only opened folders may be named",
    async () => {
      const handlers = onKnownFolders(
        apiHandlers(openBench()),
        createKnownFolders(() => false),
      );
      let heard: ((told: ServerMessage) => void) | undefined;
      let toServer: ((message: unknown) => void) | undefined;
      let closed = false;
      const transport: Transport = {
        send(told) {
          // As a port does: what cannot be cloned cannot be sent.
          heard?.(ServerMessage.parse(structuredClone(told)));
        },
        isBusy: () => false,
        onMessage(listener) {
          toServer = listener;
        },
        onClose: () => undefined,
        close() {
          closed = true;
        },
      };
      serve(transport, handlers);
      let id = 0;
      await fuzz(async (given) => {
        const own = (id += 2);
        return new Promise((resolve) => {
          let first: ServerMessage | null = null;
          heard = (told) => {
            if (told.id === own) first ??= told;
            if (isOver(given, told, own)) resolve(first);
          };
          toServer?.({ ...given, id: own });
          if (given['kind'] !== 'call') askAfter((message) => toServer?.(message), own);
          if (closed) {
            closed = false;
            resolve(null);
          }
        });
      });
    },
    60_000 + MESSAGES * 20,
  );
});
