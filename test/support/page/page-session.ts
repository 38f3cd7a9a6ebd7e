import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { openBrowser } from './browser.ts';
import { type ServedPage, servePage } from './serve-page.ts';

/** How a page reaches its host: through the local server, or in the desktop's own window (on the double of Electron). */
export type Door = 'server' | 'window';
export const DOORS: readonly Door[] = ['server', 'window'];

/** What of a window can be asked for. */
export type WindowOptions = Pick<BrowserContextOptions, 'viewport' | 'colorScheme'>;

/** The product before eyes. */
export interface PageSession {
  /**
   * Opens a window of its own at an address of the page, such as `/runs`. It is closed when the test ends. The desktop
   * has one window: a second one that is open beside it is a browser's, on the same data folder.
   */
  open(address?: string, options?: WindowOptions): Promise<Page>;
  close(): Promise<void>;
}

/** Milliseconds that a page is waited for: what trains for it gives way to whatever else the machine does. */
const PATIENCE_MS = 90_000;

const SIZE = { width: 1440, height: 900 };

/** Opens a door on a data folder. Nothing that a page complains of meanwhile is let pass. */
export async function openPageSession(home: string, door: Door): Promise<PageSession> {
  const complaints: string[] = [];
  const own = door === 'window' ? await openWindow(home, complaints) : undefined;
  let served: Promise<{ server: ServedPage; browser: Browser }> | undefined;
  let isTaken = false;

  async function serving(): Promise<{ server: ServedPage; browser: Browser }> {
    return { server: await servePage(home), browser: await openBrowser() };
  }

  async function openServed(options: WindowOptions): Promise<Page> {
    const { server, browser } = await (served ??= serving());
    const context = await browser.newContext({ viewport: SIZE, acceptDownloads: true, ...options });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    heed(page, complaints);
    await page.goto(server.link);
    return page;
  }

  async function openOwn(page: Page, { viewport, colorScheme }: WindowOptions): Promise<Page> {
    isTaken = true;
    page.setDefaultTimeout(PATIENCE_MS);
    onTestFinished(() => {
      isTaken = false;
    });
    await page.setViewportSize(viewport ?? SIZE);
    await page.emulateMedia({ colorScheme: colorScheme ?? 'light' });
    await page.evaluate(`location.hash = '#/'`);
    await page.reload();
    return page;
  }

  return {
    async open(address = '/', options = {}) {
      const page =
        own === undefined || isTaken ? await openServed(options) : await openOwn(own.page, options);
      await page.locator('main h1').first().waitFor();
      if (address !== '/') {
        const before = await page.title();
        await page.evaluate(`location.hash = ${JSON.stringify(`#${address}`)}`);
        // The address changes at once, the page only when its files are there: until then the page before is shown.
        await expect.poll(() => page.title()).not.toBe(before);
      }
      return page;
    },
    async close() {
      await own?.close();
      if (served !== undefined) {
        const { server, browser } = await served;
        await browser.close();
        await server.close();
      }
      expect(complaints).toEqual([]);
    },
  };
}

async function openWindow(
  home: string,
  complaints: string[],
): Promise<{ page: Page; close(): Promise<void> }> {
  // Loaded where it is asked for: it needs Electron, or its double.
  const { openWindowSession } = await import('../../electron/window-session.ts');
  const session = await openWindowSession(home);
  heed(session.page, complaints);
  return session;
}

function heed(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => {
    complaints.push(error.stack ?? error.message);
  });
}
