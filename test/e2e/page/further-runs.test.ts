import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

const SMALL = ['--grayscale', '--trim', '--resize=16,16', '--nbr-epochs=6'];

describe.skipIf(browserPath === undefined).each(DOORS)('further runs, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;
  let base: string;

  beforeAll(async () => {
    const trained = await command(['train', '--exp-id=base', '--layers=4', ...SMALL, '--json'], { home });
    base = jsonLines(trained.out).map((line) => RunRecord.parse(line).id)[0] ?? '';
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('would more images help: a run is trained with less of them, and the curve through them answers', async () => {
    const page = await session.open(`/runs/${base}`);
    await page.getByRole('button', { name: 'More images?' }).click();
    await page.getByLabel('Sizes').fill('3');
    await page.getByLabel('Seeds').fill('2');
    await page.getByRole('button', { name: 'Launch 6 runs', exact: true }).click();
    await page.getByText('6 runs, 3 experiments').waitFor();
    await page.getByRole('heading', { name: 'Would more images help?' }).waitFor();
    await page.getByText(/^(Yes, if|No: from|It cannot be told)/).waitFor();
    await page.getByRole('rowheader', { name: /with 25 % of the images \(2 seeds\)/ }).waitFor();
  });

  test('the highest of a sweep is measured again with fresh seeds before it is called best', async () => {
    await command(
      ['3', '5', '7'].flatMap((units, index) => [
        ...(index === 0 ? ['train'] : ['--experiment']),
        ...[`--exp-id=sweep${units}`, `--layers=${units}`, ...SMALL],
      ]),
      { home },
    );
    const swept = jsonLines((await command(['runs', '--name=sweep', '--json'], { home })).out)
      .map((line) => RunRecord.parse(line).id)
      .join(',');
    const page = await session.open(`/compare?runs=${swept}&fold=1`);
    const best = page.getByRole('region', { name: 'The best of them' });
    await best.getByText(/measure it again with fresh seeds before calling it best\.$/).waitFor();
    await best.getByLabel('Fresh seeds').fill('2');
    await best.getByRole('button', { name: /^Measure sweep\d again with 2 seeds$/ }).click();
    await best.getByText(/with 2 fresh seeds it reaches \d+\.\d%/).waitFor();
    await page.getByText('5 runs, 3 experiments').waitFor();
  });
});
