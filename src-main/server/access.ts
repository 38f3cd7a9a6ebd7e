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
  isForUs(request: Pick<IncomingMessage, 'headers'>): boolean;
  /** Whether a request comes from a page of this server: asked of sockets, which no browser keeps to one origin. */
  isFromOurPage(request: IncomingMessage): boolean;
}

/** Where a server can be reached. */
export interface BoundTo {
  /** As it was asked for: an address or a name. */
  readonly host: string;
  /** The address that it has become. */
  readonly address: string;
  readonly port: number;
}

/** The port of http that no address needs to name. */
const USUAL_PORT = 80;

/** Bytes of a token: too many to be guessed. */
const TOKEN_BYTES = 32;

/**
 * @param bound what the server was asked to be bound to, the address that this has become, and the port.
 * @param token made up where none is given.
 */
export function createAccess(
  { host, address, port }: BoundTo,
  token = randomBytes(TOKEN_BYTES).toString('base64url'),
): Access {
  const session = randomBytes(TOKEN_BYTES).toString('base64url');
  // Cookies know no ports: two servers of one machine would overwrite each other's.
  const cookieName = `layerbench-${port}`;
  const names = hostsOf(host, address).map((name) => name.toLowerCase());
  // A browser leaves the usual port of http away.
  const hosts = new Set(names.flatMap((name) => [`${name}:${port}`, ...(port === USUAL_PORT ? [name] : [])]));

  function isForUs(request: Pick<IncomingMessage, 'headers'>): boolean {
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

/** The host of a link: the very address that is listened on, and of all addresses one that others can reach. */
export function linkHost({ host, address }: Pick<BoundTo, 'host' | 'address'>): string {
  if (isEvery(address)) return ownAddresses(address === '0.0.0.0')[0] ?? hostname();
  return host === 'localhost' ? host : inAddress(address);
}

/** Names that a browser may know this server by. */
function hostsOf(host: string, address: string): string[] {
  const loopback = ['127.0.0.1', 'localhost', '[::1]'];
  if (isLoopback(address)) return [...loopback, inAddress(address), host];
  const machine = hostname();
  const names = [host, machine, `${machine.split('.')[0] ?? machine}.local`];
  return [...loopback, ...names, ...(isEvery(address) ? ownAddresses(false) : [inAddress(address)])];
}

function isEvery(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** Addresses of this machine that others can reach; of the fourth version of the protocol first. */
function ownAddresses(onlyFourth: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family, address }) => {
      // An address of one link alone means nothing without the name of the link.
      if (internal || address.startsWith('fe80:')) return false;
      return !onlyFourth || family === 'IPv4';
    })
    .sort((one, other) => one.family.localeCompare(other.family))
    .map(({ address }) => inAddress(address));
}

/** An address as it stands in a link. */
function inAddress(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
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
