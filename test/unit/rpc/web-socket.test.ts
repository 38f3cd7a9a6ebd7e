import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createClient } from '../../../src-preload/rpc/client.ts';
import { decodeMessage, encodeMessage } from '../../../src-preload/rpc/message-encoding.ts';
import { type Handlers, serve } from '../../../src-preload/rpc/server.ts';
import { webSocketTransport } from '../../../src-preload/rpc/web-socket.ts';
import { deferred } from '../../support/deferred.ts';
import { handlersWith } from '../../support/rpc/sample-handlers.ts';

/** The address of a WebSocket server that answers with these handlers until the test ends. */
async function serving(handlers: Handlers): Promise<string> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  server.on('connection', (socket) => {
    serve(webSocketTransport(socket), handlers);
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on no port.');
  return `ws://127.0.0.1:${address.port}`;
}

describe('an encoded message', () => {
  test.each([
    ['bytes', Uint8Array.of(0, 127, 255)],
    ['no bytes', new Uint8Array()],
    ['counts', Uint32Array.of(0, 1, 2 ** 32 - 1)],
    ['values', Float64Array.of(0.1, NaN, Infinity, -Infinity, -0, Number.MIN_VALUE)],
    ['numbers', [0, -1, 0.1, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e300, NaN, Infinity, -Infinity]],
    ['texts', ['', 'ä', '日本', '<img onerror=…>', 'x'.repeat(100_000)]],
    ['nothing', [null, true, false, {}, []]],
    ['many', { list: Array.from({ length: 70_000 }, (_, index) => index), long: { ['k'.repeat(300)]: 1 } }],
    ['a table', Object.fromEntries(Array.from({ length: 70_000 }, (_, index) => [`k${index}`, index]))],
    ['a few bytes of each length', [1, 2, 4, 8, 16, 300, 70_000].map((length) => new Uint8Array(length))],
    ['a few counts of each length', [1, 2, 4, 100, 20_000].map((length) => new Uint32Array(length))],
  ])('brings back %s', (_name, value) => {
    expect(decodeMessage(encodeMessage(value))).toEqual(value);
  });

  test('brings back a part of an array as that part', () => {
    const whole = Float64Array.of(1, 2, 3, 4);
    expect(decodeMessage(encodeMessage(whole.subarray(1, 3)))).toEqual(Float64Array.of(2, 3));
  });

  test('leaves out what is undefined', () => {
    expect(Object.keys(decodeMessage(encodeMessage({ epoch: undefined, run: 'a' })) as object)).toEqual([
      'run',
    ]);
  });

  test('cannot hold a function', () => {
    expect(() => encodeMessage({ run: () => 1 })).toThrow(/Unrecognized object/);
  });

  test.each([
    ['nothing', []],
    ['an array of 4 billion', [0xdd, 255, 255, 255, 255]],
    // 200 arrays within each other, each of 50,000 that are not there.
    ['arrays within arrays', Array.from({ length: 200 }, () => [0xdc, 0xc3, 0x50]).flat()],
    ['a table of 4 billion', [0xdf, 255, 255, 255, 255]],
    ['a text that is cut off', [0xd9, 10, 65]],
    ['a number that is cut off', [0xcb, 0]],
    ['more than one message', [0x01, 0x02]],
    ['a byte that means nothing', [0xc1]],
    ['counts that are no whole numbers of bytes', [0xc7, 3, 1, 0, 0, 0]],
    ['a prototype', [0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 0x80]],
  ])('of %s is refused', (_name, bytes) => {
    expect(() => decodeMessage(Uint8Array.from(bytes))).toThrow();
  });
});

test('calls and streams go over a socket that is still connecting, and end with it', async () => {
  const curve = {
    run: 'a',
    metric: 'dev.loss' as const,
    epochs: Uint32Array.of(1, 2),
    values: Float64Array.of(0.5, NaN),
  };
  const snapshot = {
    kind: 'units' as const,
    epoch: 3,
    count: 1,
    width: 2,
    height: 1,
    channels: 1 as const,
    pixels: Uint8Array.of(0, 255),
    parameter: 'L0_Dense_W',
    scale: 0.25,
  };
  const ended = deferred<null>();
  const address = await serving(
    handlersWith({
      calls: { series: () => [curve], snapshots: ({ epoch }) => (epoch === undefined ? [snapshot] : []) },
      streams: {
        events: (_params, outlet) => {
          outlet.send([
            { kind: 'notice', run: 'a', message: 'one' },
            { kind: 'notice', run: 'a', message: 'two' },
          ]);
          return () => {
            ended.resolve(null);
          };
        },
      },
    }),
  );
  const client = createClient(webSocketTransport(new WebSocket(address)));
  const seen: unknown[] = [];
  client.follow('events', {}, (event) => seen.push(event.kind === 'notice' && event.message));
  expect(await client.call('series', { runs: ['a'], metrics: ['dev.loss'] })).toEqual([curve]);
  expect(await client.call('snapshots', { run: 'a', kind: 'units', epoch: undefined })).toEqual([snapshot]);
  expect(seen).toEqual(['one', 'two']);
  client.close();
  await ended.promise;
});

test('the platform has a socket that serves as well', async () => {
  const address = await serving(handlersWith({ calls: { stop: () => null } }));
  const client = createClient(webSocketTransport(new globalThis.WebSocket(address)));
  expect(await client.call('stop', { run: 'a' })).toBe(null);
  client.close();
});

test.each([
  ['text', 'text'],
  ['bytes that are no message', Uint8Array.of(0xc1)],
  ['a message that is none of ours', encodeMessage({ hello: 1 })],
])('a server closes the socket on %s, and goes on serving others', async (_name, data) => {
  const address = await serving(handlersWith({ calls: { stop: () => null } }));
  const stranger = new WebSocket(address);
  const closed = new Promise((resolve) => stranger.once('close', resolve));
  stranger.once('open', () => {
    stranger.send(data);
  });
  await closed;
  const client = createClient(webSocketTransport(new WebSocket(address)));
  expect(await client.call('stop', { run: 'a' })).toBe(null);
  client.close();
});

test('a client whose server cannot be reached fails its calls', async () => {
  // Port 1 is nobody's on a machine that serves no 45-year-old protocol.
  const client = createClient(webSocketTransport(new WebSocket('ws://127.0.0.1:1')));
  await expect(client.call('stop', { run: 'a' })).rejects.toThrow('The connection to Layerbench is lost.');
});
