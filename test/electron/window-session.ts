import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { vi } from 'vitest';
import { startDesktop } from '../../src-main/desktop/lifecycle.ts';
import { beginApplication, closeBrowser, endApplication, openedWindow } from './double/electron.ts';
import { BUILT_PAGE, pageOf } from './start-application.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The desktop door's own code with its window, for as long as several tests take. */
export async function openWindowSession(
  home: string,
): Promise<{ readonly page: Page; close(): Promise<void> }> {
  vi.stubEnv('LAYERBENCH_HOME', home);
  beginApplication();
  await startDesktop({
    page: BUILT_PAGE,
    preload: join(ROOT, 'out/preload/index.cjs'),
    host: join(ROOT, 'out/main/host.js'),
    icons: join(ROOT, 'resources/icon'),
    environment: process.env,
  });
  const page = pageOf(await openedWindow());
  return {
    page,
    async close() {
      await endApplication();
      await closeBrowser();
      vi.unstubAllEnvs();
    },
  };
}
