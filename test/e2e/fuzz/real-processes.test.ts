import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { decodeMessage, encodeMessage } from '../../../src-preload/rpc/message-encoding.ts';
import { ServerMessage } from '../../../src-preload/rpc/transport.ts';
import { contractMessages, mayBeTold } from '../../support/fuzz/contract-messages.ts';
import { browserPath } from '../../support/page/browser.ts';
import { servePage } from '../../support/page/serve-page.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

/** Messages through each door, which are answered by a host with all its processes: ten thousand take a quarter of an hour. */
const MESSAGES = Number(process.env['LAYERBENCH_FUZZ_REAL'] ?? 100);

/** Messages of one connection: one page may not send so many in so short a time. */
const BATCH = 100;

const Batch = z.object({ sent: z.int(), answers: z.array(ServerMessage) });

/** What is launched in earnest: a run of some milliseconds. */
const SMALL = RunConfig.parse({
  dataset: 'colors',
  resize: { width: 8, height: 8 },
  layers: [2],
  nbrEpochs: 1,
  backend: 'native',
  displaySamples: 0,
});

/** Whether something can be carried as it is by every door: text of JSON that stands for itself. */
function isPlain(message: unknown): boolean {
  try {
    encodeMessage(message);
    return true;
  } catch {
    return false;
  }
}

function messages(): Record<string, unknown>[] {
  return fc
    .sample(contractMessages(SMALL), { numRuns: MESSAGES, seed: 20260404 })
    .map((given) => z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(given))))
    .filter(isPlain);
}

/**
 * Sends all messages, over as many connections as that takes: what is no message at all closes one.
 * @param send sends some of them over a connection of its own. @returns how many were sent, and what was answered.
 */
async function sendAll(
  send: (some: readonly Record<string, unknown>[]) => Promise<{ sent: number; answers: ServerMessage[] }>,
): Promise<ServerMessage[]> {
  const all = messages();
  const answers: ServerMessage[] = [];
  for (let at = 0; at < all.length;) {
    const batch = await send(all.slice(at, at + BATCH));
    answers.push(...batch.answers);
    at += batch.sent;
  }
  return answers;
}

/** Nothing of it is a failure: what cannot be done is said in a sentence that its reader can act on. */
function check(answers: readonly ServerMessage[]): void {
  const counts = { result: 0, items: 0, error: 0 };
  for (const answer of answers) {
    counts[answer.kind]++;
    mayBeTold(answer);
    if (answer.kind === 'error') expect(answer.error.kind, answer.error.message).toBe('user');
  }
  console.log(`${MESSAGES} messages: ${JSON.stringify(counts)}`);
  expect(counts.result).toBeGreaterThan(0);
  expect(counts.error).toBeGreaterThan(0);
}

describe(`${MESSAGES} messages, as the contract has them and otherwise, are answered by a host with all its processes`, () => {
  test(
    'through the web server',
    async () => {
      const served = await servePage(temporaryFolder());
      onTestFinished(() => served.close());
      const link = new URL(served.link);
      const entered = await fetch(link, { redirect: 'manual' });
      const cookie = String(entered.headers.get('set-cookie')).split(';')[0] ?? '';
      const answers = await sendAll(async (some) => {
        const socket = new WebSocket(`ws://${link.host}/api`, { headers: { cookie, origin: link.origin } });
        await new Promise((resolve, reject) => {
          socket.once('open', resolve);
          socket.once('error', reject);
        });
        const told: ServerMessage[] = [];
        let sent = 0;
        while (sent < some.length && socket.readyState === WebSocket.OPEN) {
          const given = some[sent] ?? {};
          const id = 2 * sent++;
          await new Promise<void>((resolve) => {
            socket.on('message', (data: Buffer) => {
              const answer = ServerMessage.parse(decodeMessage(new Uint8Array(data)));
              if (answer.id === id) told.push(answer);
              if (answer.id !== (given['kind'] === 'call' ? id : id + 1)) return;
              socket.removeAllListeners('message');
              socket.removeAllListeners('close');
              resolve();
            });
            socket.once('close', () => {
              resolve();
            });
            socket.send(encodeMessage({ ...given, id }));
            if (given['kind'] === 'call') return;
            socket.send(encodeMessage({ kind: 'call', id: id + 1, name: 'queue', params: {} }));
            socket.send(encodeMessage({ kind: 'dispose', id }));
          });
        }
        socket.terminate();
        return { sent, answers: told };
      });
      check(answers);
      // The most memory that the host has held, where the system tells.
      if (process.platform === 'linux') {
        const status = readFileSync(`/proc/${served.process.pid ?? 0}/status`, 'utf8');
        expect(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024).toBeLessThan(600e6);
      }
    },
    120_000 + MESSAGES * 100,
  );

  test.skipIf(browserPath === undefined)(
    "through the window's own door, from its page",
    async () => {
      const { openWindowSession } = await import('../../electron/window-session.ts');
      const session = await openWindowSession(temporaryFolder());
      onTestFinished(() => session.close());
      await session.page.locator('main h1').first().waitFor();
      const answers = await sendAll(async (some) =>
        Batch.parse(
          await session.page.evaluate(`new Promise((resolve) => {
            const batch = ${JSON.stringify(some)};
            window.addEventListener('message', function take({ data, ports: [port] }) {
              if (data?.kind !== 'layerbench-port') return;
              window.removeEventListener('message', take);
              const answers = [];
              let sent = 0;
              function next() {
                const given = batch[sent];
                if (given === undefined) {
                  port.close();
                  resolve({ sent, answers });
                  return;
                }
                const id = 2 * sent++;
                port.postMessage({ ...given, id });
                if (given.kind === 'call') return;
                port.postMessage({ kind: 'call', id: id + 1, name: 'queue', params: {} });
                port.postMessage({ kind: 'dispose', id });
              }
              port.onmessage = ({ data }) => {
                const id = 2 * (sent - 1);
                if (data?.id === id) answers.push({ ...data, result: undefined, items: [] });
                if (data?.id === (batch[sent - 1].kind === 'call' ? id : id + 1)) next();
              };
              port.onclose = () => resolve({ sent, answers });
              next();
            });
            window.layerbench.requestPort();
          })`),
        ),
      );
      check(answers);
    },
    120_000 + MESSAGES * 100,
  );
});
