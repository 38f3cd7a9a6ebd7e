import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';
import type { Access } from './access.ts';

/**
 * What the page may do, and load: only what this server sends (OWASP, Secure Headers Project). Styles may be inline,
 * since the theme and the charts' tooltips set theirs so; scripts may not.
 */
export const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'X-Permitted-Cross-Domain-Policies': 'none',
  'X-DNS-Prefetch-Control': 'off',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** Answers requests for the page and what it loads; nothing else of the machine can be asked for. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * @param folder absolute path of the built page. Its files are listed once: a path that is not in the list is not
 * there, however it is spelt.
 */
export function createRequestHandler(folder: string, access: Access): RequestHandler {
  const files = sirv(folder, {
    etag: true,
    setHeaders(response, path) {
      // Built files carry a hash of their contents in their names; the page itself does not.
      const isHashed = path.startsWith('/assets/');
      response.setHeader('Cache-Control', isHashed ? 'private, max-age=31536000, immutable' : 'no-cache');
    },
  });
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (!access.isForUs(request)) {
      refuse(response, 421, 'This is not the host that Layerbench was started for.');
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      refuse(response, 405, 'There is nothing here to be sent to.');
      return;
    }
    const address = URL.parse(request.url ?? '/', 'http://page');
    if (address === null) {
      refuse(response, 400, 'This is no address.');
      return;
    }
    const { pathname, searchParams } = address;
    if (pathname === '/' && access.isToken(searchParams.get('token'))) {
      letIn(response, access);
      return;
    }
    if (!access.isKnown(request)) {
      refuse(response, 401, 'Open the link that Layerbench printed when it was started: it lets you in.');
      return;
    }
    files(request, response, () => {
      refuse(response, 404, 'There is no such page.');
    });
  };
}

/**
 * Trades the token for a cookie, and leaves the link behind so that it stays in no history. The page goes on by
 * itself: a redirection would still count as coming from where the link was clicked, and bring no strict cookie.
 */
function letIn(response: ServerResponse, access: Access): void {
  response.setHeader('Set-Cookie', access.cookie);
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Layerbench</title><link rel="icon" href="data:,"><meta http-equiv="refresh" content="0;url=/"><a href="/">Layerbench</a></html>',
  );
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.statusCode = status;
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${sentence}\n`);
}
