import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { utilityProcesses } from '../../electron/double/electron.ts';
import { browserPath, openBrowser } from '../../support/page/browser.ts';
import { DOORS, openPageSession } from '../../support/page/page-session.ts';
import { servePage } from '../../support/page/serve-page.ts';
import { openStoredSession, plainRuns, type StoredSession } from '../../support/page/stored-session.ts';
import { storeRuns } from '../../support/store/stored-runs.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('what cannot be read, through the %s', (door) => {
  let session: StoredSession;

  beforeAll(async () => {
    session = await openStoredSession(door, plainRuns({ alpha: 0.4, beta: 0.9 }));
  });
  afterAll(() => session.close());

  /** Makes the row of a run one that nobody can read, and gives it back. */
  function spoil(): () => void {
    const database = new Database(join(session.home, 'layerbench.sqlite'));
    const { record } = database.prepare(`SELECT record FROM runs WHERE id = 'run0'`).get() as {
      record: unknown;
    };
    const write = database.prepare(`UPDATE runs SET record = ? WHERE id = 'run0'`);
    write.run('{}');
    return () => {
      write.run(record);
      database.close();
    };
  }

  test.each([
    ['the start', '/', 'The runs cannot be read', 'alpha'],
    ['the table', '/runs', 'The runs cannot be read', 'alpha'],
    ['a comparison', '/compare?runs=run0,run1', 'The runs cannot be read', 'alpha'],
    ['the queue', '/queue', 'The queue cannot be read', 'alpha'],
    ['a run', '/runs/run0', 'This run cannot be shown', 'Where the time goes'],
    ['the study', '/study', 'The study cannot be read', 'Train what is missing'],
  ])('%s says why, and shows it once it can', async (_what, address, title, shown) => {
    const mend = spoil();
    const page = await session.open('/');
    await page.evaluate(`location.hash = ${JSON.stringify(`#${address}`)}`);
    const fault = page.getByRole('alert').filter({ hasText: title });
    await fault.getByText('The row of run run0 cannot be read').waitFor();
    mend();
    await fault.getByRole('button', { name: 'Try again' }).click();
    await fault.waitFor({ state: 'detached' });
    await page.getByText(shown).first().waitFor();
  });

  test('a run that there is none of is told of once, and in one sentence', async () => {
    const page = await session.open('/runs/absent');
    const fault = page.getByRole('alert').filter({ hasText: 'This run cannot be shown' });
    await fault.getByText('absent').waitFor();
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('link', { name: 'beta' }).waitFor();
    await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe.skipIf(browserPath === undefined)('a host that is gone', () => {
  function filledHome(): string {
    const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
    onTestFinished(() => {
      rmSync(home, { recursive: true, force: true });
    });
    storeRuns(home, plainRuns({ alpha: 0.4, beta: 0.9 }));
    return home;
  }

  test('is said on a page of the server, which keeps what it shows', async () => {
    const home = filledHome();
    const served = await servePage(home);
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(served.link);
    await page.getByRole('link', { name: 'Runs', exact: true }).click();
    await page.getByRole('link', { name: 'beta' }).waitFor();
    // The other pages have been fetched meanwhile.
    await expect
      .poll(() =>
        page.evaluate<boolean>(
          `performance.getEntriesByType('resource').some(({ name, responseEnd }) => name.includes('StudyPage') && responseEnd > 0)`,
        ),
      )
      .toBe(true);
    served.process.kill('SIGKILL');
    const alert = page.getByRole('alert').filter({ hasText: 'The connection to Layerbench is gone' });
    await alert.waitFor();
    expect(await page.getByRole('link', { name: 'beta' }).isVisible()).toBe(true);
    // On another page, too, and that one says nothing else.
    await page.getByRole('link', { name: 'Queue' }).click();
    await page.getByRole('heading', { level: 1, name: 'Queue' }).waitFor();
    await alert.waitFor();
    expect(await page.getByRole('alert').count()).toBe(1);
  });

  test('comes back by itself in the window, and what was asked for meanwhile is shown', async () => {
    const session = await openPageSession(filledHome(), 'window');
    onTestFinished(() => session.close());
    const page = await session.open('/runs');
    await page.getByRole('link', { name: 'beta' }).waitFor();
    for (const host of utilityProcesses) host.kill();
    await page.evaluate(`location.hash = '#/runs/run1'`);
    await page.getByText('epoch 10 of 10').waitFor();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  test('whose connection alone is cut is found again from a page of the server', async () => {
    const served = await servePage(filledHome());
    const browser = await openBrowser();
    onTestFinished(async () => {
      await browser.close();
      await served.close();
    });
    const page = await browser.newPage();
    const cuts: (() => Promise<void>)[] = [];
    let connections = 0;
    await page.routeWebSocket(/\/api$/, (socket) => {
      connections++;
      socket.connectToServer();
      cuts.push(() => socket.close({ code: 1011 }));
    });
    await page.goto(served.link);
    await page.getByRole('link', { name: 'beta' }).waitFor();
    for (const cut of cuts.splice(0)) await cut();
    await expect.poll(() => connections).toBe(2);
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'beta' }).click();
    await page.getByText('epoch 10 of 10').waitFor();
  });
});
