import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { RunConfig } from '../../src-preload/contract/config.ts';
import type { RunRecord } from '../../src-preload/contract/run.ts';
import { browserPath, NO_BROWSER } from '../support/page/browser.ts';
import { deferred } from '../support/deferred.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import {
  app,
  closeBrowser,
  defaultSession,
  dialog,
  ipcMain,
  Menu,
  openedWindow,
  protocol,
  Tray,
  utilityProcesses,
  windows,
} from './double/electron.ts';
import { BUILT_PAGE, callFrom, emptyPage, launch, pageOf, startApplication } from './start-application.ts';

vi.mock('electron', () => import('./double/electron.ts'));

if (browserPath === undefined) console.log(`skipped: ${NO_BROWSER}`);

afterAll(closeBrowser);

/** Runs that take long unless they are ended. */
function longRuns(count: number): RunConfig[] {
  return Array.from({ length: count }, (_one, index) =>
    RunConfig.parse({
      expId: `long-${index}`,
      dataset: 'colors',
      layers: [4],
      nbrEpochs: 1_000_000,
      backend: 'cpu',
    }),
  );
}

/** Waits until the sign beside the clock says something. */
async function traySays(text: string): Promise<void> {
  await vi.waitFor(
    () => {
      expect(Tray.last?.toolTip).toBe(`Layerbench: ${text}`);
    },
    { timeout: 120_000 },
  );
}

describe.skipIf(browserPath === undefined)('the window', () => {
  test('shows the built page, which speaks with the host', async () => {
    const { window, page, home } = await startApplication({ folder: BUILT_PAGE });
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect(window.isVisible()).toBe(true);
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await expect.poll(() => page.title()).toBe('Runs – Layerbench');
    expect(await page.getByRole('alert').count()).toBe(0);
    await expect.poll(() => existsSync(join(home, 'layerbench.sqlite'))).toBe(true);
    expect(errors).toEqual([]);
  });

  test('is kept from everything but its page', async () => {
    const { window } = await startApplication();
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(app.isSandboxed).toBe(true);
    expect(protocol.schemes).toEqual([
      { scheme: 'layerbench', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test('gives the page its port, its system and its folder dialog, and nothing of Node', async () => {
    const { page } = await startApplication();
    expect(
      await page.evaluate(`({
        bridge: Object.keys(window.layerbench).sort(),
        foreign: ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
      })`),
    ).toEqual({ bridge: ['chooseFolder', 'openDropped', 'platform', 'requestPort'], foreign: [] });
  });

  test('runs no script but those of its own files', async () => {
    const { page } = await startApplication();
    expect(
      await page.evaluate(`(async () => {
        const refused = [];
        document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
        const inline = document.createElement('script');
        inline.textContent = 'window.inlineScript = true;';
        document.body.append(inline);
        document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.attribute = true">');
        const elsewhere = await fetch('https://example.com/').then(() => true, () => false);
        const own = document.createElement('script');
        own.src = '/assets/script.js';
        await new Promise((resolve, reject) => { own.onload = resolve; own.onerror = reject; document.body.append(own); });
        return {
          inline: window.inlineScript === true, attribute: window.attribute === true, elsewhere,
          // Undefined where that script did not run at all.
          evaluated: window.evaluated,
          refused: [...new Set(refused)].sort(),
        };
      })()`),
    ).toEqual({
      inline: false,
      attribute: false,
      evaluated: false,
      elsewhere: false,
      refused: expect.arrayContaining(['connect-src', 'script-src-attr', 'script-src-elem']) as unknown,
    });
  });

  test('stays on its page, whatever a link or a script says', async () => {
    const { page, window } = await startApplication();
    const tries: string[] = [];
    window.webContents.on('will-navigate', ({ url }: { readonly url: string }) => tries.push(url));
    for (const address of ['https://example.com/', 'http://127.0.0.1:9/']) {
      const failed = page.waitForEvent('requestfailed');
      await page.evaluate(`void (window.location.href = ${JSON.stringify(address)})`);
      expect((await failed).failure()?.errorText).toBe('net::ERR_ABORTED');
    }
    // Refused at the first of the two questions, which is asked of every frame.
    expect(tries).toEqual([]);
    expect(window.webContents.getURL()).toBe('layerbench://app/index.html');
    expect(await page.title()).toBe('Empty');
  });

  test.each([
    ['will-navigate', { url: 'https://example.com/' }, true],
    ['will-navigate', { url: 'file:///etc/passwd' }, true],
    ['will-navigate', { url: 'layerbench://app/index.html' }, false],
    ['will-redirect', { url: 'https://example.com/' }, true],
    ['will-frame-navigate', { url: 'layerbench://app/index.html', isMainFrame: false }, true],
    ['will-frame-navigate', { url: 'layerbench://app/index.html', isMainFrame: true }, false],
    ['will-attach-webview', {}, true],
  ])('at %s of %j refuses: %s', async (event, details, isRefused) => {
    const { window } = await startApplication();
    expect(window.webContents.ask(event, details)).toBe(isRefused);
  });

  test('opens no other window', async () => {
    const { page, window } = await startApplication();
    const asked = deferred<null>();
    window.webContents.once('window-asked', () => {
      asked.resolve(null);
    });
    await page.evaluate(`void window.open('about:blank#elsewhere')`);
    await asked.promise;
    expect(window.webContents.asked.map(({ isOpened }) => isOpened)).toEqual([false]);
    expect(windows.size).toBe(1);
  });

  test('may put text into the clipboard, and is refused everything else', async () => {
    const { page, window } = await startApplication();
    const names = ['geolocation', 'notifications', 'camera', 'midi', 'clipboard-read', 'clipboard-write'];
    const states = await page.evaluate(`Promise.all(${JSON.stringify(names)}.map(async (name) =>
      [name, (await navigator.permissions.query({ name })).state === 'granted']))`);
    expect(states).toEqual(names.map((name) => [name, name === 'clipboard-write']));

    const wanted = ['media', 'geolocation', 'usb', 'serial', 'fileSystem', 'openExternal', 'unknown'];
    for (const permission of wanted) {
      expect(defaultSession.permits(window.webContents, permission), permission).toBe(false);
    }
    const elsewhere = { getURL: () => 'https://example.com/' };
    expect(defaultSession.permits(elsewhere, 'clipboard-sanitized-write')).toBe(false);
    expect(defaultSession.device?.({} as never)).toBe(false);
  });

  test('is where it was when it was closed', async () => {
    const { home, window } = await startApplication();
    Object.assign(window.options, { x: 120, y: 80, width: 900, height: 700 });
    window.maximize();
    window.close();
    await app.ended;
    expect(JSON.parse(readFileSync(join(home, 'window/window.json'), 'utf8'))).toEqual({
      x: 120,
      y: 80,
      width: 900,
      height: 700,
      isMaximized: true,
    });
    const again = await startApplication({ home });
    expect(again.window.options).toMatchObject({ x: 120, y: 80, width: 900, height: 700, show: false });
    expect(again.window.isMaximized()).toBe(true);
  });
});

describe.skipIf(browserPath === undefined)('messages of the bridge', () => {
  const FOREIGN = [
    ['another address', { url: 'https://example.com/', parent: null }],
    ['an address that only begins alike', { url: 'layerbench://app.example.com/index.html', parent: null }],
    ['a frame within the page', { url: 'layerbench://app/index.html', parent: {} }],
    ['a frame that is gone', null],
  ] as const;

  test.each(FOREIGN)('of %s are not answered', async (_what, frame) => {
    await startApplication();
    let posts = 0;
    const senderFrame = frame === null ? null : { ...frame, postMessage: () => posts++ };
    const event = { sender: { id: 7 }, senderFrame };
    await ipcMain.receive('send', 'layerbench:request-port', event, []);
    expect(posts).toBe(0);
    expect(utilityProcesses.size).toBe(0);
    dialog.folder = '/chosen';
    await expect(ipcMain.receive('invoke', 'layerbench:choose-folder', event, [])).rejects.toThrow(
      'Only the page itself may ask for a folder.',
    );
  });

  test('with arguments that there are none of are not answered', async () => {
    const { window } = await startApplication();
    const { webContents } = window;
    const event = { sender: webContents, senderFrame: webContents.mainFrame };
    dialog.folder = '/chosen';
    await ipcMain.receive('send', 'layerbench:request-port', event, ['more']);
    expect(utilityProcesses.size).toBe(0);
    await expect(ipcMain.receive('invoke', 'layerbench:choose-folder', event, ['/etc'])).rejects.toThrow(
      /too_big|expected array/i,
    );
    expect(await ipcMain.receive('invoke', 'layerbench:choose-folder', event, [])).toBe('/chosen');
  });

  test('over the port are parsed by the contract', async () => {
    const { page, home } = await startApplication();
    expect(await callFrom(page, 'about', {})).toMatchObject({ dataFolder: home });
    await expect(callFrom(page, 'run', { run: 7 })).rejects.toThrow(
      /What was asked for is not possible: run:/,
    );
    await expect(callFrom(page, 'constructor', {})).rejects.toThrow('There is no call of that name.');
  });

  test('name no folder that was not opened in a dialog', async () => {
    const { page } = await startApplication();
    const parent = temporaryFolder();
    const folder = join(parent, 'images');
    await writeImageFolder(folder, { one: 4, two: 4 });
    const config = RunConfig.parse({ dataset: folder });
    await expect(callFrom(page, 'dataset', { config })).rejects.toThrow(
      `The folder ${folder} has not been opened in this window.`,
    );
    await expect(
      callFrom(page, 'launch', {
        configs: [RunConfig.parse({ dataset: 'colors', datasetsPath: parent })],
        jobs: 1,
      }),
    ).rejects.toThrow(`The folder ${parent} has not been opened in this window.`);

    dialog.folder = null;
    expect(await page.evaluate('window.layerbench.chooseFolder()')).toBe(null);
    await expect(callFrom(page, 'dataset', { config })).rejects.toThrow('has not been opened');

    dialog.folder = folder;
    expect(await page.evaluate('window.layerbench.chooseFolder()')).toBe(folder);
    expect(await callFrom(page, 'dataset', { config })).toMatchObject({ images: 8 });
  });

  test('name a folder that was dropped on the page, and nothing that the page itself calls dropped', async () => {
    const { page, window } = await startApplication({ folder: BUILT_PAGE });
    const folder = join(temporaryFolder(), 'dropped images');
    await writeImageFolder(folder, { one: 4, two: 4 });

    const { webContents } = window;
    const stranger = {
      sender: webContents,
      senderFrame: { url: 'https://example.org/', parent: null },
    };
    await expect(ipcMain.receive('invoke', 'layerbench:open-dropped', stranger, [folder])).rejects.toThrow(
      'Only the page itself',
    );
    const event = { sender: webContents, senderFrame: webContents.mainFrame };
    for (const wrong of [[], ['images'], [7], [folder, folder]])
      await expect(ipcMain.receive('invoke', 'layerbench:open-dropped', event, wrong)).rejects.toThrow();
    expect(await ipcMain.receive('invoke', 'layerbench:open-dropped', event, [join(folder, 'absent')])).toBe(
      null,
    );

    const drop = `{
      const carried = new DataTransfer();
      carried.items.add(new File([], 'dropped images'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
    }`;
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate(drop);
    await page.getByText('dropped images is no folder.').waitFor();
    await page.evaluate(`window.paths = new Map([['dropped images', ${JSON.stringify(folder)}]])`);
    await page.evaluate(drop);
    await page.getByRole('heading', { level: 1, name: 'New run' }).waitFor();
    await page.getByText('dropped images: 8 images in 2 classes').waitFor();
  });

  test('may name a folder that was opened before the application was started anew', async () => {
    const { page, window, home } = await startApplication();
    const folder = temporaryFolder();
    await writeImageFolder(folder, { one: 3, two: 3 });
    dialog.folder = folder;
    await page.evaluate('window.layerbench.chooseFolder()');
    window.close();
    await app.ended;

    const again = await startApplication({ home });
    const config = RunConfig.parse({ dataset: folder });
    expect(await callFrom(again.page, 'dataset', { config })).toMatchObject({ images: 6 });
  });
});

describe.skipIf(browserPath === undefined)('the application', () => {
  test('ends with its window where nothing is running', async () => {
    const { window, page } = await startApplication();
    await callFrom(page, 'about', {});
    expect(utilityProcesses.size).toBe(1);
    window.close();
    expect(await app.ended).toEqual({ code: 0 });
    expect(utilityProcesses.size).toBe(0);
    expect(dialog.asked).toEqual([]);
  });

  test('lets runs go on without a window, shows them again, and asks before it ends them', async () => {
    const { window, page, home } = await startApplication();
    const records = (await callFrom(page, 'launch', { configs: longRuns(2), jobs: 1 })) as RunRecord[];
    await traySays('2 runs are going on');
    window.close();
    expect(windows.size).toBe(0);
    expect(app.hasEnded).toBe(false);

    Tray.last?.choose('Show the window');
    const shown = await openedWindow();
    expect(shown).not.toBe(window);
    const state = await callFrom(pageOf(shown), 'queue', {});
    expect(state).toMatchObject({ working: [records[0]?.id], waiting: [records[1]?.id] });

    dialog.button = 0;
    Tray.last?.choose('Quit');
    await vi.waitFor(() => {
      expect(dialog.asked).toHaveLength(1);
    });
    expect(dialog.asked[0]?.message).toBe('2 runs are going on. End them and quit?');
    expect(app.hasEnded).toBe(false);

    dialog.button = 1;
    await vi.waitFor(() => {
      // As long as the answer to the first question is under way there is no second one.
      Tray.last?.choose('Quit');
      expect(dialog.asked).toHaveLength(2);
    });
    expect(await app.ended).toEqual({ code: 0 });
    expect(utilityProcesses.size).toBe(0);

    const again = await startApplication({ home });
    for (const { id } of records) {
      expect(await callFrom(again.page, 'run', { run: id })).toMatchObject({ status: 'stopped' });
    }
  });

  test('ends by itself once the last run has ended without a window', async () => {
    const { window, page } = await startApplication();
    const [run] = (await callFrom(page, 'launch', { configs: longRuns(1), jobs: 1 })) as RunRecord[];
    await traySays('1 run is going on');
    window.close();
    app.tell('second-instance');
    const shown = await openedWindow();
    await callFrom(pageOf(shown), 'stop', { run: run?.id });
    shown.close();
    expect(await app.ended).toEqual({ code: 0 });
  });

  test('is there once a data folder: a second start brings the window forward', async () => {
    const { window, home } = await startApplication();
    window.minimized = true;
    window.isFocused = false;
    app.tell('second-instance');
    expect([window.minimized, window.isFocused, windows.size]).toEqual([false, true, 1]);
    expect(app.paths).toEqual({ userData: join(home, 'window'), sessionData: join(home, 'window/session') });
  });

  test('starts its host again when that has died, and names the runs that were interrupted', async () => {
    const { page } = await startApplication();
    const [run] = (await callFrom(page, 'launch', { configs: longRuns(1), jobs: 1 })) as RunRecord[];
    await traySays('1 run is going on');
    for (const host of utilityProcesses) host.kill();
    await traySays('nothing is running');
    expect(await callFrom(page, 'run', { run: run?.id })).toMatchObject({ status: 'interrupted' });
    expect(windows.size).toBe(1);
  });

  test('loads a page that broke again, once', async () => {
    const { window, page } = await startApplication();
    const loaded = page.waitForEvent('load');
    window.webContents.tell('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    await loaded;
    let loads = 0;
    page.on('load', () => loads++);
    window.webContents.tell('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
    await callFrom(page, 'about', {});
    expect(loads).toBe(0);
  });

  test('has the menus that people expect', async () => {
    await startApplication();
    const roles = Menu.application?.template.map(({ role, label }) => role ?? label);
    expect(roles).toEqual(expect.arrayContaining(['&File', 'editMenu', '&View', 'windowMenu']));
  });
});

describe('a start', () => {
  test('ends where another process has the data folder open in a window', async () => {
    await launch(emptyPage(), temporaryFolder(), true);
    expect(await app.ended).toEqual({ code: 0 });
    expect(windows.size).toBe(0);
    expect(utilityProcesses.size).toBe(0);
  });

  test('says why a data folder cannot be used', async () => {
    await launch(emptyPage(), join('/dev/null', 'folder'));
    expect(await app.ended).toEqual({ code: 2 });
    expect(dialog.errors[0]?.content).toMatch(/^The data folder .+ cannot be used .+LAYERBENCH_HOME\.$/);
    expect(windows.size).toBe(0);
  });
});
