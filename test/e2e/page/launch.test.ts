import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('launch, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;

  beforeAll(async () => {
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  async function runs(): Promise<RunRecord[]> {
    return jsonLines((await command(['runs', '--json'], { home })).out).map((line) => RunRecord.parse(line));
  }

  test('a command line of the study is taken over, and printed back', async () => {
    const page = await session.open('/launch');
    const strings = readFileSync(
      join(import.meta.dirname, '../../fixtures/reference-option-strings.txt'),
      'utf8',
    );
    const [line = ''] = strings.split('\n');
    const field = page.getByLabel('Command line: paste one here, or copy this');
    await field.fill(`ruby n_layer.rb ${line} --layers=20,10 --trim=true`);
    await field.press('Enter');
    await expect.poll(() => page.getByLabel('Hidden layers', { exact: true }).inputValue()).toBe('20,10');
    await expect.poll(() => field.inputValue()).toBe('--trim=true --layers=20,10');
    // 110 × 110 × 3 × 20 weights and more: the plan comes from the engine.
    await page.getByRole('row', { name: /L0_Dense.*726,000/ }).waitFor();
  });

  test('a look through a data set shows how far it is, can be cancelled, and names what it finds', async () => {
    const page = await session.open('/launch');
    const panel = page.getByRole('region', { name: 'Data set' });
    await panel.getByText(/^numbers: 847 images in 10 classes/).waitFor();
    await panel.getByRole('button', { name: 'Check it' }).click();
    await panel.getByRole('progressbar', { name: 'Images checked' }).waitFor();
    await panel.getByRole('button', { name: 'Cancel' }).click();
    await panel.getByRole('button', { name: 'Check it' }).click();
    await panel.getByText(/^checking \d+ of 847$/).waitFor();
    await panel.getByText('Every image was decoded and compared with the others.').waitFor();
    expect(await panel.getByRole('progressbar').count()).toBe(0);
  });

  test('a data set that could not be read is read again once it is there', async () => {
    // The window takes no folder that was not chosen in its dialog.
    if (door === 'window') return;
    const folder = join(home, 'late');
    const page = await session.open(`/launch?options=${encodeURIComponent(`--dataset=${folder}`)}`);
    const panel = page.getByRole('region', { name: 'Data set' });
    const again = panel.getByRole('button', { name: 'Try again' });
    await again.waitFor();
    await writeImageFolder(folder, { round: 4, square: 4 });
    await again.click();
    await panel.getByText(/^late: 8 images in 2 classes/).waitFor();
    // The plan had failed for the same reason.
    await page.getByRole('row', { name: /L0_Dense/ }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  });

  test('a folder that is dropped on a browser cannot be told from its name: it is asked for', async () => {
    if (door === 'window') return;
    const page = await session.open('/');
    await page.evaluate(`{
      const carried = new DataTransfer();
      carried.items.add(new File([], 'my images'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
    }`);
    await page.getByText('A browser does not tell where my images lies.').waitFor();
    await page.getByRole('heading', { name: 'Choose a folder with one sub-folder a class' }).waitFor();
  });

  test('a mistake is told at its field as it is typed, and nothing can be launched', async () => {
    const page = await session.open('/launch');
    await page.getByLabel('Learning rate', { exact: true }).fill('fast');
    await page.getByText('This takes a number above 0 to 100').waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Launch' }).isDisabled()).toBe(true);
    await page.getByLabel('Learning rate', { exact: true }).fill('0.01');
    await expect.poll(() => page.getByRole('button', { name: 'Launch' }).isEnabled()).toBe(true);
  });

  test('several values and seeds make a sweep, which ends in the comparison of its runs', async () => {
    const page = await session.open(
      `/launch?options=${encodeURIComponent('--exp-id=sweep --grayscale --trim --resize=16,16 --nbr-epochs=4')}`,
    );
    await page.getByLabel('Hidden layers', { exact: true }).fill('4; 8');
    await page.getByLabel('Seeds', { exact: true }).fill('2');
    await page.getByRole('button', { name: 'Launch 4 runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.getByRole('rowheader', { name: 'sweep layers=4 (2 seeds)' }).waitFor();
    await page.getByRole('rowheader', { name: 'sweep layers=8 (2 seeds)' }).waitFor();
    await expect
      .poll(async () => (await runs()).map(({ status }) => status), { timeout: 120_000 })
      .toEqual(['finished', 'finished', 'finished', 'finished']);
    const configs = (await runs()).map(({ config }) => `${config.layers.join()} ${config.modelSeed}`);
    expect(configs.sort()).toEqual(['4 0', '4 1', '8 0', '8 1']);
  });

  test('the queue pauses, goes on, and lets a waiting run go', async () => {
    const page = await session.open('/queue');
    await page.getByRole('button', { name: 'Pause' }).click();
    const options = encodeURIComponent('--exp-id=waiting --resize=8,8 --layers=2 --nbr-epochs=2');
    await page.evaluate(`location.hash = '#/launch?options=${options}'`);
    await page.getByRole('button', { name: 'Launch', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'waiting' }).waitFor();
    await page.getByText('queued', { exact: true }).waitFor();
    await page.getByRole('link', { name: /^Queue/ }).click();
    await page.getByRole('button', { name: 'Take waiting out of the queue' }).click();
    await page.getByText('Nothing waits.').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect.poll(async () => (await runs())[0]?.status).toBe('stopped');
  });
});
