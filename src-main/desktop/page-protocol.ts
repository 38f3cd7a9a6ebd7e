import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import { protocol } from 'electron';

/** The page's own protocol: its files have no address that another program could serve. */
const SCHEME = 'layerbench';

/** Where the page is, as its window sees it. */
export const PAGE_ORIGIN = `${SCHEME}://app`;
export const PAGE_ADDRESS = `${PAGE_ORIGIN}/index.html`;

/**
 * What the page may do, and load: only its own files. Styles may be inline, since the theme and the charts' tooltips
 * set theirs so; scripts may not.
 */
const HEADERS: Readonly<Record<string, string>> = {
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
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
};

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** Makes the protocol one like https: with an origin, and storage of its own. To be called before the app is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Answers what windows ask for of the page. @param folder absolute path of the built page. */
export function servePage(folder: string): void {
  protocol.handle(SCHEME, (request) => answerPageRequest(folder, request));
}

/** One file of the folder, and nothing outside of it, however the address is spelt and wherever links lead. */
export async function answerPageRequest(
  folder: string,
  { url, method }: { readonly url: string; readonly method: string },
): Promise<Response> {
  if (method !== 'GET') return refusal(405);
  const file = await fileOf(folder, url);
  if (file === undefined) return refusal(404);
  const type = TYPES[extname(file)];
  if (type === undefined) return refusal(404);
  try {
    return new Response(await readFile(file), { headers: { ...HEADERS, 'Content-Type': type } });
  } catch {
    return refusal(404);
  }
}

/** Whether an address is one of the page's own. */
export function isPageAddress(address: string): boolean {
  const url = URL.parse(address);
  // Of a protocol of one's own, `origin` is what Electron makes of it; these two are the same everywhere.
  return url?.protocol === `${SCHEME}:` && url.host === 'app';
}

async function fileOf(folder: string, address: string): Promise<string | undefined> {
  if (!isPageAddress(address)) return undefined;
  try {
    const path = decodeURIComponent(new URL(address).pathname);
    // Built files have none of these in their names.
    if (/[\0\\:]/.test(path)) return undefined;
    const root = await realpath(folder);
    const file = await realpath(join(root, path === '/' ? 'index.html' : path));
    return file.startsWith(root + sep) ? file : undefined;
  } catch {
    return undefined;
  }
}

function refusal(status: number): Response {
  return new Response(null, { status, headers: HEADERS });
}
