import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import electronPackage from '../../node_modules/electron/package.json' with { type: 'json' };
import { findElectron, whyNoWindow } from '../../resources/setup/electron-binary.mjs';
import { RunConfig } from '../../src-preload/contract/config.ts';
import { command, jsonLines } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

const program = findElectron(join(ROOT, 'node_modules/electron'), electronPackage.version, process.env);
const reason =
  whyNoWindow({ platform: process.platform, environment: process.env, userId: process.getuid?.() }) ??
  (program === undefined ? "Electron's program has not been fetched." : undefined);
if (reason !== undefined) console.log(`skipped: the window in Electron itself. ${reason}`);

/** The application in Electron itself, on a data folder of its own. */
async function open(): Promise<{ home: string; application: ElectronApplication; page: Page }> {
  const home = temporaryFolder();
  const application = await _electron.launch({
    ...(program === undefined ? {} : { executablePath: program }),
    args: [ROOT],
    env: { ...process.env, LAYERBENCH_HOME: home },
  });
  onTestFinished(async () => {
    await application.close();
  });
  return { home, application, page: await application.firstWindow() };
}

const Answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ kind: z.string(), message: z.string(), stack: z.string().optional() }).optional(),
});

/** Asks the host as the page does. The page's own port is closed by this, and asked for again. */
async function ask(page: Page, name: string, params: unknown): Promise<z.infer<typeof Answer>> {
  return Answer.parse(
    await page.evaluate(`new Promise((resolve) => {
      window.addEventListener('message', function take({ data, ports: [port] }) {
        if (data?.kind !== 'layerbench-port') return;
        window.removeEventListener('message', take);
        port.onmessage = ({ data }) => { if (data?.id === 0) resolve(data); };
        port.postMessage(${JSON.stringify({ kind: 'call', id: 0, name, params })});
      });
      window.layerbench.requestPort();
    })`),
  );
}

test.runIf(process.env['LAYERBENCH_NEEDS_ELECTRON'] === '1')('the program is there', () => {
  expect(reason).toBe(undefined);
});

describe.skipIf(reason !== undefined)('in Electron itself', () => {
  test('the page is shown by its own protocol, and reaches its host', async () => {
    const { home, page } = await open();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect(page.url()).toMatch(/^layerbench:\/\/app\/index\.html/);
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await expect.poll(() => page.title()).toBe('Runs – Layerbench');
    await expect.poll(() => existsSync(join(home, 'layerbench.sqlite'))).toBe(true);
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('the page is isolated, in a sandbox, without Node', async () => {
    const { application, page } = await open();
    // Electron tells it on these two alone.
    if (process.platform !== 'linux') {
      const pages = await application.evaluate(({ app }) =>
        app.getAppMetrics().filter(({ type }) => type === 'Tab'),
      );
      expect(pages.map(({ sandboxed }) => sandboxed)).toEqual([true]);
    }
    expect(
      await page.evaluate(`({
        bridge: Object.keys(window.layerbench).sort(),
        foreign: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
      })`),
    ).toEqual({ bridge: ['chooseFolder', 'openDropped', 'platform', 'requestPort'], foreign: [] });
  });

  test('no script but those of its own files runs, and nothing is loaded from elsewhere', async () => {
    const { page } = await open();
    expect(
      await page.evaluate(`(async () => {
        const inline = document.createElement('script');
        inline.textContent = 'window.inlineScript = true;';
        document.body.append(inline);
        const elsewhere = await fetch('https://example.com/').then(() => true, () => false);
        const file = await fetch('file:///etc/hosts').then(() => true, () => false);
        const outside = await fetch('/..%2fmain%2fdesktop.js').then(({ ok }) => ok, () => false);
        return { inline: window.inlineScript === true, elsewhere, file, outside };
      })()`),
    ).toEqual({ inline: false, elsewhere: false, file: false, outside: false });
  });

  test('the page stays where it is, opens no window, and is refused what it asks of the machine', async () => {
    const { application, page } = await open();
    const isRefused = application.evaluate(
      ({ BrowserWindow }) =>
        new Promise<boolean>((resolve) => {
          BrowserWindow.getAllWindows()[0]?.webContents.once('will-navigate', (event) => {
            setImmediate(() => {
              resolve(event.defaultPrevented);
            });
          });
        }),
    );
    await page.evaluate(`void (window.location.href = 'https://example.com/')`);
    expect(await isRefused).toBe(true);
    expect(page.url()).toMatch(/^layerbench:/);
    expect(await page.evaluate(`window.open('https://example.com/') === null`)).toBe(true);
    expect(application.windows()).toHaveLength(1);
    for (const name of ['geolocation', 'notifications', 'camera']) {
      const state = `navigator.permissions.query({ name: '${name}' }).then(({ state }) => state)`;
      expect(await page.evaluate(state), name).not.toBe('granted');
    }
  });

  test('a page that is not its own is given no port, no folder and no dialog', async () => {
    const { application, page } = await open();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    const preload = join(ROOT, 'out/preload/index.cjs');
    const opened = application.waitForEvent('window');
    await application.evaluate(({ BrowserWindow }, path) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload: path, sandbox: true } });
      void other.loadURL('data:text/html,<title>other</title>');
    }, preload);
    const other = await opened;
    await expect.poll(() => other.title()).toBe('other');
    expect(
      await other.evaluate(`window.layerbench.chooseFolder().then(() => 'chosen', (error) => error.message)`),
    ).toContain('Only the page itself may ask for a folder.');
    // What was asked for first has long been refused once what was asked for last is.
    expect(
      await other.evaluate(`new Promise((resolve) => {
        let ports = 0;
        window.addEventListener('message', ({ ports: given }) => (ports += given.length));
        window.layerbench.requestPort();
        void window.layerbench.chooseFolder().catch(() => resolve(ports));
      })`),
    ).toBe(0);
  });

  test('what the page asks is parsed by the contract, and names no folder that was not opened in a dialog', async () => {
    const { home, page } = await open();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect((await ask(page, 'about', {})).result).toMatchObject({ dataFolder: home });
    for (const [name, params, message] of [
      ['run', { run: 7 }, /^What was asked for is not possible: run:/],
      ['constructor', {}, /^There is no call of that name\.$/],
      ['dataset', { config: RunConfig.parse({ dataset: home }) }, /has not been opened in this window\.$/],
      ['browseFolders', { path: home }, /system's own dialog/],
    ] as const) {
      const { error } = await ask(page, name, params);
      expect(error?.kind, name).toBe('user');
      expect(error?.message).toMatch(message);
      expect(error?.stack).toBeUndefined();
    }
    // A file that the page itself has made lies nowhere.
    expect(await page.evaluate(`window.layerbench.openDropped(new File([], ${JSON.stringify(home)}))`)).toBe(
      null,
    );
  });

  test('a run that the page launches is trained to its end', async () => {
    const { home, page } = await open();
    const config = RunConfig.parse({ dataset: 'colors', layers: [4], nbrEpochs: 2 });
    await ask(page, 'launch', { configs: [config], jobs: 1 });
    await vi.waitFor(
      async () => {
        const { out } = await command(['runs', '--json'], { home });
        expect(jsonLines(out)).toMatchObject([{ status: 'finished', epochs: 2 }]);
      },
      { timeout: 50_000, interval: 1000 },
    );
  });
});
