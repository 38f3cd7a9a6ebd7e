import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { openBrowser } from './browser.ts';
import { type ServedPage, servePage } from './serve-page.ts';

/** A browser before the served product. */
export interface PageSession {
  readonly served: ServedPage;
  readonly browser: Browser;
  /** Opens a window of its own at an address of the page, such as `/runs`. It is closed when the test ends. */
  open(address?: string, options?: BrowserContextOptions): Promise<Page>;
  /** What the pages said that they should not have: errors of the console, exceptions. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Starts the server on a data folder, and a browser. */
export async function openPageSession(home: string): Promise<PageSession> {
  const served = await servePage(home);
  const browser = await openBrowser();
  const complaints: string[] = [];
  return {
    served,
    browser,
    complaints,
    async open(address = '/', options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        acceptDownloads: true,
        ...options,
      });
      onTestFinished(() => context.close());
      const page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => {
        complaints.push(error.stack ?? error.message);
      });
      await page.goto(served.link);
      await page.locator('main h1').first().waitFor();
      if (address !== '/') {
        await page.evaluate(`location.hash = ${JSON.stringify(`#${address}`)}`);
        const path = JSON.stringify(`#${address.split('?')[0] ?? ''}`);
        await page.waitForFunction(`location.hash.startsWith(${path})`);
      }
      return page;
    },
    async close() {
      await browser.close();
      await served.close();
      expect(complaints).toEqual([]);
    },
  };
}
