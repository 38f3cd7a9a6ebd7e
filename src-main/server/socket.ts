import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type Handlers, serve } from '../../src-preload/rpc/server.ts';
import { webSocketTransport } from '../../src-preload/rpc/web-socket.ts';
import type { Access } from './access.ts';
import { HEADERS } from './http.ts';

/** Path of the socket that pages speak the contract over. */
export const SOCKET_PATH = '/api';

/** Bytes of one message: a thousand configurations are some two million. */
const MOST_MESSAGE_BYTES = 8_000_000;

/** Pages that may be connected at once. */
const MOST_PAGES = 64;

/** Messages a second that one page may send, in the long run and in one burst. */
const MESSAGES_A_SECOND = 200;
const MOST_IN_A_BURST = 1000;

/** Close code (RFC 6455, 7.4.1): the server goes away. */
const GOING_AWAY = 1001;

/** The socket's side of a server. */
export interface Sockets {
  /** Closes every connection. */
  close(): void;
}

/** Takes the pages' sockets of a server and answers them. */
export function acceptSockets(
  server: Server,
  access: Access,
  handlers: Handlers,
  onFailure: (error: unknown) => void,
): Sockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES });

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      const headers = Object.entries({ ...HEADERS, Connection: 'close', 'Content-Length': '0' });
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      stream.end(`HTTP/1.1 ${refusal}\r\n${lines}\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      let allowance = MOST_IN_A_BURST;
      let countedAt = performance.now();
      socket.on('message', () => {
        const now = performance.now();
        allowance = Math.min(MOST_IN_A_BURST, allowance + ((now - countedAt) / 1000) * MESSAGES_A_SECOND) - 1;
        countedAt = now;
        // A close waits for the other side's, which goes on sending for as long as it likes.
        if (allowance < 0) socket.terminate();
      });
      serve(webSocketTransport(socket), handlers, { onFailure });
    });
  });

  function refusalOf(request: IncomingMessage): string | undefined {
    if (URL.parse(request.url ?? '/', 'http://page')?.pathname !== SOCKET_PATH) return '404 Not Found';
    if (!access.isFromOurPage(request)) return '403 Forbidden';
    if (!access.isKnown(request)) return '401 Unauthorized';
    if (sockets.clients.size >= MOST_PAGES) return '503 Service Unavailable';
    return undefined;
  }

  return {
    close() {
      for (const client of sockets.clients) client.close(GOING_AWAY, 'Layerbench has ended.');
      sockets.close();
    },
  };
}
