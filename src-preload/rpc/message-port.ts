import type { Transport } from './transport.ts';

/** What the MessagePort of a page and that of Node have in common, of all that is used here. */
export interface PagePort {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  addEventListener(type: 'close' | 'messageerror', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** What of a MessagePort of Electron's main process is used here. */
export interface HostPort {
  postMessage(message: unknown): void;
  start(): void;
  close(): void;
  on(event: 'close', listener: () => void): unknown;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
}

/** Messages that the other side has not read yet above which it counts as behind. */
const BUSY_MESSAGES = 64;

/** Messages after which it is told how many have been read. */
const TELL_EVERY = 16;

/**
 * Messages over a port, as structured clones. A port does not say how much waits in it, so each side now and then tells
 * how many messages it has read: a bare number between the messages.
 */
export function messagePortTransport(port: PagePort | HostPort): Transport {
  const closeListeners: (() => void)[] = [];
  let messageListener: ((message: unknown) => void) | undefined;
  let closed = false;
  let sent = 0;
  let readThere = 0;
  let readHere = 0;

  function end(): void {
    if (closed) return;
    closed = true;
    for (const listener of closeListeners.splice(0)) listener();
  }
  function close(): void {
    if (closed) return;
    port.close();
    end();
  }
  function receive({ data }: { readonly data: unknown }): void {
    if (closed) return;
    if (typeof data === 'number') {
      readThere = data;
      return;
    }
    messageListener?.(data);
    readHere++;
    // The listener may have closed the way.
    if (readHere % TELL_EVERY === 0 && !(closed as boolean)) port.postMessage(readHere);
  }

  if ('addEventListener' in port) {
    port.addEventListener('message', receive);
    port.addEventListener('messageerror', close);
    port.addEventListener('close', end);
  } else {
    port.on('message', receive);
    port.on('close', end);
  }
  return {
    send(message) {
      if (closed) return;
      port.postMessage(message);
      sent++;
    },
    isBusy: () => sent - readThere > BUSY_MESSAGES,
    onMessage(listener) {
      messageListener = listener;
      // Until now what came has waited in the port.
      port.start();
    },
    onClose(listener) {
      if (closed) listener();
      else closeListeners.push(listener);
    },
    close,
  };
}
