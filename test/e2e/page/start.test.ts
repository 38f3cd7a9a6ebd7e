import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { browserPath, NO_BROWSER } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

if (browserPath === undefined) console.log(`skipped: ${NO_BROWSER}`);

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('start, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;

  beforeAll(async () => {
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('a first start offers what can be done, and one click trains the example on a live page', async () => {
    const page = await session.open();
    await page.getByRole('heading', { name: 'Train the example' }).waitFor();
    await page.getByRole('heading', { name: 'Use my own images' }).waitFor();
    await page.getByRole('heading', { name: 'Redo the reference study' }).waitFor();
    await page.getByText('No runs yet').waitFor();
    await page.getByRole('button', { name: 'Train the example' }).click();
    await page.getByRole('heading', { level: 1, name: 'K' }).waitFor();
    await page.getByText('finished', { exact: true }).waitFor();
    // The last epoch of the study's own number.
    await page.getByText('epoch 100 of 100').waitFor();
    const runs = jsonLines((await command(['runs', '--json'], { home })).out).map((line) =>
      RunRecord.parse(line),
    );
    expect(runs.map(({ name, status, epochs }) => ({ name, status, epochs }))).toEqual([
      { name: 'K', status: 'finished', epochs: 100 },
    ]);
  });

  test('a run of a terminal appears live in two open windows, and stops from one of them', async () => {
    const set = join(home, 'shapes');
    await writeImageFolder(set, { round: 20, square: 20 });
    const [first, second] = await Promise.all([session.open('/queue'), session.open('/runs')]);
    const ended = command(
      [
        'train',
        `--dataset=${set}`,
        '--exp-id=endless',
        '--resize=8,8',
        '--layers=6',
        '--nbr-epochs=1000000',
        '--json',
      ],
      { home },
    );
    await second.getByRole('link', { name: 'endless' }).waitFor();
    await first.getByRole('link', { name: 'endless' }).click();
    await first.getByRole('heading', { level: 1, name: 'endless' }).waitFor();
    await first
      .getByText(/^[\d,]{2,} of 1,000,000 epochs/)
      .first()
      .waitFor();
    await first.getByRole('button', { name: 'Stop', exact: true }).click();
    await first.getByText('stopped', { exact: true }).waitFor();
    const { out } = await ended;
    const [run] = jsonLines(out).map((line) => RunRecord.parse(line));
    expect(run?.status).toBe('stopped');
    await second
      .getByRole('row', { name: /endless/ })
      .getByText('stopped')
      .waitFor();
  });
});
