import { MessageChannel } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { PORT_MESSAGE } from '../../../src-preload/contract/channels.ts';
import {
  bridgeTransport,
  type PageWindow,
  type WindowMessage,
} from '../../../src-preload/rpc/bridge-port.ts';
import { ConnectionLost, createClient } from '../../../src-preload/rpc/client.ts';
import { messagePortTransport, type PagePort } from '../../../src-preload/rpc/message-port.ts';
import { serve } from '../../../src-preload/rpc/server.ts';
import { pagePort } from '../../support/rpc/page-port.ts';
import { handlersWith } from '../../support/rpc/sample-handlers.ts';

interface Page extends PageWindow {
  tell(message: WindowMessage): void;
  /** How many listen. */
  listening(): number;
}

function somePage(): Page {
  const listeners = new Set<(event: WindowMessage) => void>();
  return {
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
    tell(message) {
      for (const listener of [...listeners]) listener(message);
    },
    listening: () => listeners.size,
  };
}

/** A port whose other end is answered. */
function servedPort(): PagePort {
  const channel = new MessageChannel();
  serve(messagePortTransport(pagePort(channel.port1)), handlersWith({ calls: { stop: () => null } }));
  onTestFinished(() => {
    channel.port1.close();
  });
  return pagePort(channel.port2);
}

test('a call that is made before the port is there is answered once it is', async () => {
  const page = somePage();
  let requests = 0;
  const client = createClient(bridgeTransport({ requestPort: () => requests++ }, page));
  const answer = client.call('stop', { run: 'a' });
  expect(requests).toBe(1);
  page.tell({ source: page, data: { kind: PORT_MESSAGE }, ports: [servedPort()] });
  expect(await answer).toBe(null);
  expect(page.listening()).toBe(0);
});

test('messages of frames and of others bring no port', async () => {
  const page = somePage();
  const client = createClient(bridgeTransport({ requestPort: () => undefined }, page));
  const answer = client.call('stop', { run: 'a' });
  const port = servedPort();
  page.tell({ source: {}, data: { kind: PORT_MESSAGE }, ports: [port] });
  page.tell({ source: page, data: { kind: 'other' }, ports: [port] });
  page.tell({ source: page, data: null, ports: [port] });
  page.tell({ source: page, data: { kind: PORT_MESSAGE }, ports: [] });
  expect(page.listening()).toBe(1);
  page.tell({ source: page, data: { kind: PORT_MESSAGE }, ports: [port] });
  expect(await answer).toBe(null);
});

test('closed before its port comes, it fails what waits and closes the port', async () => {
  const page = somePage();
  const client = createClient(bridgeTransport({ requestPort: () => undefined }, page));
  const answer = client.call('stop', { run: 'a' });
  client.close();
  await expect(answer).rejects.toBeInstanceOf(ConnectionLost);
  const { port1, port2 } = new MessageChannel();
  const closed = new Promise((resolve) => port1.once('close', resolve));
  page.tell({ source: page, data: { kind: PORT_MESSAGE }, ports: [pagePort(port2)] });
  await closed;
});

test('it ends with its port', async () => {
  const page = somePage();
  const client = createClient(bridgeTransport({ requestPort: () => undefined }, page));
  const { port1, port2 } = new MessageChannel();
  page.tell({ source: page, data: { kind: PORT_MESSAGE }, ports: [pagePort(port2)] });
  const answer = client.call('stop', { run: 'a' });
  port1.close();
  await expect(answer).rejects.toBeInstanceOf(ConnectionLost);
});
