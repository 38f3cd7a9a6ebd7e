import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { Handlers } from '../../src-preload/rpc/server.ts';
import { createAccess, isLoopback, linkHost } from './access.ts';
import { createRequestHandler } from './http.ts';
import { acceptSockets } from './socket.ts';

/** What a server is started with. */
export interface ServerOptions {
  /** Absolute path of the built page. */
  readonly folder: string;
  readonly handlers: Handlers;
  /** Address to listen on, such as `127.0.0.1`. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Take another port where this one is taken. */
  readonly orAnother?: boolean;
  /** Told of what nobody foresaw. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds within which a request has to be there whole; otherwise ten seconds. */
  readonly requestMs?: number;
}

/** A server that listens. */
export interface PageServer {
  /** The link that lets a browser in; it holds the token. */
  readonly link: string;
  readonly port: number;
  /** Whether other machines can reach it. */
  readonly isExposed: boolean;
  /** Ends every connection; resolves when the port is free. */
  close(): Promise<void>;
}

/** Milliseconds within which a request has to be there whole: whoever sends a byte a minute holds nothing. */
const REQUEST_MS = 10_000;

/** Connections that may be open at once, those of the pages' sockets among them. */
const MOST_CONNECTIONS = 512;

/**
 * Serves the page, and the contract over a socket, on one port.
 * @throws UserError where the port cannot be had.
 */
export async function startServer(options: ServerOptions): Promise<PageServer> {
  const { host, requestMs = REQUEST_MS } = options;
  const server = createServer({
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: requestMs / 2,
  });
  server.maxConnections = MOST_CONNECTIONS;
  const { address, port } = await listen(server, options);
  const access = createAccess({ host, address, port });
  server.on('request', createRequestHandler(options.folder, access));
  const sockets = acceptSockets(server, access, options.handlers, options.onFailure);
  return {
    link: `http://${linkHost({ host, address })}:${port}/?token=${access.token}`,
    port,
    isExposed: !isLoopback(address),
    async close() {
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(
  server: Server,
  { host, port, orAnother = false }: ServerOptions,
): Promise<AddressInfo> {
  try {
    return await listenOn(server, host, port);
  } catch (error) {
    if (orAnother && codeOf(error) === 'EADDRINUSE') return listenOn(server, host, 0);
    const reasons: Record<string, string> = {
      EADDRINUSE: `Port ${port} of ${host} is taken; name another one with --port, or 0 for any that is free.`,
      EACCES: `Port ${port} may not be listened on; name one above 1023 with --port.`,
      EADDRNOTAVAIL: `This machine has no address ${host}; name one that it has with --host.`,
      ENOTFOUND: `There is no host ${host}; name an address of this machine with --host.`,
    };
    const reason = reasons[codeOf(error)];
    throw reason === undefined ? error : new UserError(reason);
  }
}

function listenOn(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // Of a TCP server that listens, it is always this.
      resolve(server.address() as AddressInfo);
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
