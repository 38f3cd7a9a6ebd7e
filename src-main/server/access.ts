import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

/** Who may come in: whoever holds the token of the printed link, from a page of this very server. */
export interface Access {
  /** Part of the printed link, once: `?token=…`. */
  readonly token: string;
  /** Whether a text is the token; takes as long for every text. */
  isToken(text: string | null): boolean;
  /** What a browser keeps in place of the token: the value of a `Set-Cookie` header. */
  readonly cookie: string;
  /** Whether a request brings that cookie. */
  isKnown(request: IncomingMessage): boolean;
  /** Whether a request names this server as its host, and not a name that somebody points at it (DNS rebinding). */
  isForUs(request: IncomingMessage): boolean;
  /** Whether a request comes from a page of this server: asked of sockets, which no browser keeps to one origin. */
  isFromOurPage(request: IncomingMessage): boolean;
}

/** Bytes of a token: too many to be guessed. */
const TOKEN_BYTES = 32;

/**
 * @param address what the server is bound to, and the port that it listens on.
 * @param token made up where none is given.
 */
export function createAccess(
  { host, port }: { readonly host: string; readonly port: number },
  token = randomBytes(TOKEN_BYTES).toString('base64url'),
): Access {
  const session = randomBytes(TOKEN_BYTES).toString('base64url');
  // Cookies know no ports: two servers of one machine would overwrite each other's.
  const cookieName = `layerbench-${port}`;
  const hosts = new Set(hostsOf(host).map((name) => `${name}:${port}`.toLowerCase()));

  function isForUs(request: IncomingMessage): boolean {
    return hosts.has((request.headers.host ?? '').toLowerCase());
  }

  return {
    token,
    isToken: (text) => text !== null && isSame(text, token),
    cookie: `${cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    isKnown(request) {
      const given = cookiesOf(request).get(cookieName);
      return given !== undefined && isSame(given, session);
    },
    isForUs,
    isFromOurPage: (request) =>
      isForUs(request) &&
      request.headers.origin?.toLowerCase() === `http://${request.headers.host}`.toLowerCase(),
  };
}

/** Whether an address is one that only this machine can reach. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Names that a browser may know this server by. */
function hostsOf(host: string): string[] {
  const loopback = ['127.0.0.1', 'localhost', '[::1]'];
  if (isLoopback(host)) return loopback;
  if (host !== '0.0.0.0' && host !== '::') return [...loopback, host, `[${host}]`];
  const own = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => (address.includes(':') ? `[${address}]` : address));
  return [...loopback, ...own, hostname()];
}

/** Compares hashes, so that neither the length nor the first difference can be timed. */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return first !== undefined && second !== undefined && timingSafeEqual(first, second);
}

function cookiesOf(request: IncomingMessage): Map<string, string> {
  return new Map(
    (request.headers.cookie ?? '').split(';').map((pair): [string, string] => {
      const [name = '', ...value] = pair.split('=');
      return [name.trim(), value.join('=').trim()];
    }),
  );
}
