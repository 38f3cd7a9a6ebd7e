import { decodeMessage, encodeMessage } from './message-encoding.ts';
import type { Transport } from './transport.ts';

/** What the WebSocket of a page and that of the package `ws` have in common, of all that is used here. */
export interface Socket {
  binaryType: string;
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** Close code for what cannot be read (RFC 6455, 7.4.1: a message that breaks the rules). */
const BROKEN_MESSAGE = 1002;

/** Bytes waiting to be sent above which the other side counts as behind. */
const BUSY_BYTES = 1_000_000;

/** Messages over a WebSocket, which may still be connecting: what is sent before it is open is kept until then. */
export function webSocketTransport(socket: Socket): Transport {
  const early: Uint8Array<ArrayBuffer>[] = [];
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    for (const bytes of early.splice(0)) socket.send(bytes);
  });
  // Whatever goes wrong ends in a close, which is told; unheard, `ws` would throw it.
  socket.addEventListener('error', () => undefined);
  return {
    send(message) {
      const bytes = encodeMessage(message);
      if (socket.readyState === CONNECTING) early.push(bytes);
      else if (socket.readyState === OPEN) socket.send(bytes);
    },
    isBusy: () => socket.bufferedAmount > BUSY_BYTES,
    onMessage(listener) {
      socket.addEventListener('message', ({ data }) => {
        // What is still on its way after this side has closed is nobody's any more.
        if (socket.readyState !== OPEN) return;
        let message: unknown;
        try {
          if (!(data instanceof ArrayBuffer)) throw new TypeError('Messages are bytes, not text.');
          message = decodeMessage(new Uint8Array(data));
        } catch {
          socket.close(BROKEN_MESSAGE, 'A message cannot be read.');
          return;
        }
        listener(message);
      });
    },
    onClose(listener) {
      if (socket.readyState === CLOSED) listener();
      else socket.addEventListener('close', listener);
    },
    close() {
      socket.close();
    },
  };
}
