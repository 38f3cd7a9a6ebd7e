import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where a Chromium or Chrome stands that was not installed by this project. */
const PLACES = [
  process.env['LAYERBENCH_CHROMIUM'],
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

/** Starts the browser, without a window. */
export function openBrowser(): Promise<Browser> {
  if (browserPath === undefined) throw new Error(NO_BROWSER);
  return chromium.launch({
    executablePath: browserPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
