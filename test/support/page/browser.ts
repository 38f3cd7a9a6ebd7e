import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chromium or Chrome stands that was not installed by this project. */
const PLACES = [
  process.env['LAYERBENCH_CHROMIUM'],
  // The same without all that only a window needs: tests of pages take three quarters of the time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser that pages are tested in, undefined where there is none. */
export const browserPath = PLACES.find((place) => place !== undefined && existsSync(place));

/** Why page tests are left out where they are. */
export const NO_BROWSER = 'no Chromium or Chrome is installed (LAYERBENCH_CHROMIUM names one)';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Pages of Electron hear that the other side of a port was closed; those of a browser do with this alone.
  '--enable-blink-features=MessagePortCloseEvent',
];

/** Starts the browser, without a window. */
export function openBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error(NO_BROWSER);
  return chromium.launch({ executablePath: browserPath, args: ARGS });
}

/** Starts a browser whose process can be had, to be killed. */
export async function openKillableBrowser(): Promise<{
  readonly browser: Browser;
  readonly kill: () => void;
}> {
  if (browserPath === undefined) throw new Error(NO_BROWSER);
  const server = await chromium.launchServer({ executablePath: browserPath, args: ARGS });
  const browser = await chromium.connect(server.wsEndpoint());
  return { browser, kill: () => server.process().kill('SIGKILL') };
}
