import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { onTestFinished, vi } from 'vitest';
import { startDesktop } from '../../src-main/desktop/lifecycle.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fromText, toText } from './in-page/structured-text.ts';
import {
  app,
  beginApplication,
  type BrowserWindow,
  endApplication,
  openedWindow,
} from './double/electron.ts';

const OUT = join(import.meta.dirname, '../../out');

/** Absolute path of the built page. */
export const BUILT_PAGE = join(OUT, 'renderer');

/** An application that was started on the double. */
export interface Application {
  /** The data folder. */
  readonly home: string;
  readonly window: BrowserWindow;
  readonly page: Page;
}

/** A page with nothing in it, for tests that speak to the host themselves. */
export function emptyPage(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Empty</title><body>');
  writeFileSync(
    join(folder, 'assets/script.js'),
    'try { window.evaluated = new Function("return true")(); } catch { window.evaluated = false; }',
  );
  return folder;
}

/**
 * Runs the desktop door's own code; it is ended with the test.
 * @param isElsewhere whether another process has the data folder open in a window.
 */
export async function launch(folder: string, home: string, isElsewhere = false): Promise<void> {
  vi.stubEnv('LAYERBENCH_HOME', home);
  beginApplication();
  app.isElsewhere = isElsewhere;
  onTestFinished(async () => {
    await endApplication();
    vi.unstubAllEnvs();
  });
  await startDesktop({
    page: folder,
    preload: join(OUT, 'preload/index.cjs'),
    host: join(OUT, 'main/host.js'),
    icons: join(import.meta.dirname, '../../resources/icon'),
    environment: process.env,
  });
}

/** Starts the application and waits for its window. */
export async function startApplication(
  options: { readonly folder?: string; readonly home?: string } = {},
): Promise<Application> {
  const { folder = emptyPage(), home = temporaryFolder() } = options;
  await launch(folder, home);
  const window = await openedWindow();
  return { home, window, page: pageOf(window) };
}

export function pageOf(window: BrowserWindow): Page {
  const { page } = window.webContents;
  if (page === undefined) throw new Error('The window has no page.');
  return page;
}

/** A call over a port that the page's bridge is asked for. @throws Error with the message that the host answers. */
export async function callFrom(page: Page, name: string, params: unknown): Promise<unknown> {
  const text = toText({ kind: 'call', id: 0, name, params });
  // Runs in the page, where the bridge is; figures come back as they are in JSON.
  const answer = await page.evaluate(`new Promise((resolve, reject) => {
    window.addEventListener('message', function take({ data, ports: [port] }) {
      if (data?.kind !== 'layerbench-port') return;
      window.removeEventListener('message', take);
      port.onmessage = ({ data }) => { if (data?.id === 0) { resolve(JSON.stringify(data)); port.close(); } };
      port.onclose = () => reject(new Error('The port was closed.'));
      port.postMessage(${text});
    });
    window.layerbench.requestPort();
  })`);
  const { result, error } = fromText(String(answer)) as { result?: unknown; error?: { message: string } };
  if (error !== undefined) throw new Error(error.message);
  return result;
}
