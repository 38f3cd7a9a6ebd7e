import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConnectionLost, createClient } from '../../../src-preload/rpc/client.ts';
import { type HostPort, messagePortTransport, type PagePort } from '../../../src-preload/rpc/message-port.ts';
import { serve } from '../../../src-preload/rpc/server.ts';
import type { ServerMessage } from '../../../src-preload/rpc/transport.ts';
import { deferred } from '../../support/deferred.ts';
import { pagePort } from '../../support/rpc/page-port.ts';
import { handlersWith } from '../../support/rpc/sample-handlers.ts';

/** A port of Node with the face of one of Electron's main process. */
function hostPort(port: MessagePort): HostPort {
  const events = new EventEmitter();
  return {
    postMessage(message) {
      port.postMessage(message);
    },
    start() {
      port.on('message', (data: unknown) => events.emit('message', { data, ports: [] }));
    },
    close() {
      port.close();
    },
    on(event: 'close' | 'message', listener: (given: { readonly data: unknown }) => void) {
      if (event === 'close') port.on('close', listener as () => void);
      else events.on('message', listener);
    },
  };
}

const FACES: readonly [string, (port: MessagePort) => PagePort | HostPort][] = [
  ["a page's", pagePort],
  ["Electron's", hostPort],
];

function channel(): MessageChannel {
  const made = new MessageChannel();
  onTestFinished(() => {
    made.port1.close();
  });
  return made;
}

describe.each(FACES)('over %s port', (_name, face) => {
  test('calls and streams go, and end with it', async () => {
    const { port1, port2 } = channel();
    const curve = {
      run: 'a',
      metric: 'dev.loss' as const,
      epochs: Uint32Array.of(1, 2),
      values: Float64Array.of(0.5, NaN),
    };
    const ended = deferred<null>();
    serve(
      messagePortTransport(face(port1)),
      handlersWith({
        calls: { series: () => [curve] },
        streams: {
          events: (_params, outlet) => {
            outlet.send([{ kind: 'notice', run: 'a', message: 'one' }]);
            return () => {
              ended.resolve(null);
            };
          },
        },
      }),
    );
    const client = createClient(messagePortTransport(face(port2)));
    const seen: unknown[] = [];
    client.follow('events', {}, (event) => seen.push(event.kind));
    expect(await client.call('series', { runs: ['a'], metrics: ['dev.loss'] })).toEqual([curve]);
    expect(seen).toEqual(['notice']);
    client.close();
    await ended.promise;
    await expect(client.call('about', {})).rejects.toBeInstanceOf(ConnectionLost);
  });

  test('what was sent before anybody listened is not lost', async () => {
    const { port1, port2 } = channel();
    const client = createClient(messagePortTransport(face(port2)));
    const asked = client.call('stop', { run: 'a' });
    serve(messagePortTransport(face(port1)), handlersWith({ calls: { stop: () => null } }));
    expect(await asked).toBe(null);
  });

  test('calls in flight fail at once when the other side closes', async () => {
    const { port1, port2 } = channel();
    const host = messagePortTransport(face(port1));
    const begun = deferred<null>();
    serve(
      host,
      handlersWith({
        calls: {
          stop: () => {
            begun.resolve(null);
            return new Promise(() => undefined);
          },
        },
      }),
    );
    const client = createClient(messagePortTransport(face(port2)));
    const asked = client.call('stop', { run: 'a' });
    await begun.promise;
    host.close();
    await expect(asked).rejects.toBeInstanceOf(ConnectionLost);
  });

  test('an answer that cannot be cloned fails its call alone', async () => {
    const { port1, port2 } = channel();
    serve(
      messagePortTransport(face(port1)),
      handlersWith({ calls: { snapshotEpochs: () => [() => 1] as never, stop: () => null } }),
    );
    const client = createClient(messagePortTransport(face(port2)));
    await expect(client.call('snapshotEpochs', { run: 'a', kind: 'units' })).rejects.toThrow(/cloned/);
    expect(await client.call('stop', { run: 'a' })).toBe(null);
  });

  test('a side that reads nothing is behind, until it reads', async () => {
    const { port1, port2 } = channel();
    const host = messagePortTransport(face(port1));
    const caughtUp = deferred<null>();
    host.onMessage(() => {
      caughtUp.resolve(null);
    });
    const page = messagePortTransport(face(port2));
    const item: ServerMessage = { kind: 'items', id: 1, items: [] };
    for (let count = 0; count < 64; count++) host.send(item);
    expect(host.isBusy()).toBe(false);
    host.send(item);
    expect(host.isBusy()).toBe(true);

    let read = 0;
    page.onMessage(() => {
      // The port keeps the order: what tells of the messages read is there before this one.
      if (++read === 65) page.send({ kind: 'dispose', id: 1 });
    });
    await caughtUp.promise;
    expect(host.isBusy()).toBe(false);
  });

  test('the end is told once, and at once to who asks later', async () => {
    const { port1, port2 } = channel();
    const host = messagePortTransport(face(port1));
    const page = messagePortTransport(face(port2));
    const told: string[] = [];
    host.onMessage(() => undefined);
    const closed = deferred<null>();
    host.onClose(() => {
      told.push('host');
      closed.resolve(null);
    });
    page.onClose(() => told.push('page'));
    page.close();
    page.close();
    await closed.promise;
    page.onClose(() => told.push('late'));
    expect(told).toEqual(['page', 'host', 'late']);
    expect(() => {
      page.send({ kind: 'dispose', id: 1 });
    }).not.toThrow();
  });
});

test('the port of a thread that dies closes', async () => {
  const { port1, port2 } = channel();
  const client = createClient(messagePortTransport(pagePort(port1)));
  const thread = new Worker(
    `const { workerData } = require('node:worker_threads'); workerData.on('message', () => process.exit());`,
    { eval: true, workerData: port2, transferList: [port2] },
  );
  onTestFinished(async () => {
    await thread.terminate();
  });
  await expect(client.call('about', {})).rejects.toBeInstanceOf(ConnectionLost);
});
