import { type Bridge, PORT_MESSAGE } from '../contract/channels.ts';
import { messagePortTransport, type PagePort } from './message-port.ts';
import type { Transport } from './transport.ts';

/** A message to a page's window, as far as it is used here. */
export interface WindowMessage {
  readonly source: unknown;
  readonly data: unknown;
  readonly ports: readonly PagePort[];
}

/** What of a page's window is used here. */
export interface PageWindow {
  addEventListener(type: 'message', listener: (event: WindowMessage) => void): void;
  removeEventListener(type: 'message', listener: (event: WindowMessage) => void): void;
}

/**
 * Messages over a port that the bridge is asked for now. It comes later: what is sent before is kept until then.
 * @param page the window that the bridge stands in.
 */
export function bridgeTransport(bridge: Pick<Bridge, 'requestPort'>, page: PageWindow): Transport {
  const early: Parameters<Transport['send']>[0][] = [];
  const closeListeners: (() => void)[] = [];
  let messageListener: ((message: unknown) => void) | undefined;
  let inner: Transport | undefined;
  let closed = false;

  function end(): void {
    if (closed) return;
    closed = true;
    early.length = 0;
    for (const listener of closeListeners.splice(0)) listener();
  }
  function take({ source, data, ports: [port] }: WindowMessage): void {
    // Frames and other windows may send messages too.
    if (source !== page || !bringsPort(data) || port === undefined) return;
    page.removeEventListener('message', take);
    if (closed) {
      port.close();
      return;
    }
    inner = messagePortTransport(port);
    inner.onClose(end);
    for (const message of early.splice(0)) inner.send(message);
    if (messageListener !== undefined) inner.onMessage(messageListener);
  }

  page.addEventListener('message', take);
  bridge.requestPort();
  return {
    send(message) {
      if (closed) return;
      if (inner === undefined) early.push(message);
      else inner.send(message);
    },
    isBusy: () => inner?.isBusy() ?? false,
    onMessage(listener) {
      messageListener = listener;
      inner?.onMessage(listener);
    },
    onClose(listener) {
      if (closed) listener();
      else closeListeners.push(listener);
    },
    close() {
      if (inner === undefined) end();
      else inner.close();
    },
  };
}

function bringsPort(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === PORT_MESSAGE;
}
