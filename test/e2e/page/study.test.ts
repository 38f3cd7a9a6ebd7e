import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { command } from '../../support/command.ts';
import { browserPath, NO_BROWSER } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

if (browserPath === undefined) console.log(`skipped: ${NO_BROWSER}`);

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('the study, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;

  beforeAll(async () => {
    await command(['datasets', 'create', 'numbers', '--name', 'numbers', '--per-class', '10'], { home });
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  function part(page: Page, id: string) {
    return page.locator('details.panel', { has: page.locator('b', { hasText: new RegExp(`^${id}$`) }) });
  }

  test('a part is trained from the page, judged while it is looked at, and taken away as files', async () => {
    const page = await session.open('/study?seeds=2&epochs=3&open=K');
    await page.getByText('0 of 31 findings confirmed').waitFor();
    await page.getByText('layerbench study --seeds=2 --epochs=3', { exact: true }).waitFor();
    const K = part(page, 'K');
    await K.getByText('0 of 2 runs').waitFor();
    // What the study says stands there before anything is trained.
    await K.getByText(/--exp-id=K .*--track-layer=L0_Dense_W,8 --batch-norm-eval=batch/).waitFor();
    await page.getByRole('combobox', { name: 'Parts to train' }).click({ force: true });
    await page.getByRole('option', { name: /^K: / }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Train what is missing' }).click();
    await page.getByText('2 runs of the study queued.').waitFor();
    await K.getByText(/^[0-3] of 3 claims$/).waitFor();
    await K.getByText(/The training accuracy of K is above 95\.0 % .* interval/).waitFor();
    await page.getByText(/; 30 not known yet/).waitFor();
    await K.getByRole('table')
      .getByText(/^\d+\.\d% ± \d+\.\d%$/)
      .first()
      .waitFor();
    await K.getByRole('region', { name: 'Loss' }).locator('canvas').first().waitFor();
    await K.getByRole('img', { name: 'Weights of unit 0 of L0_Dense_W' }).waitFor();
    await page.getByText('Data set: numbers, 100 images').waitFor();
    await page.getByText(/Computed by \w+ \(/).waitFor();

    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText('Markdown, HTML, CSV and pictures (ZIP)').click(),
    ]);
    const files = unzipSync(readFileSync(await download.path()));
    expect(Object.keys(files).sort()).toEqual([
      'K-accuracy.png',
      'K-loss.png',
      'K-parameters.png',
      'figures.csv',
      'report.html',
      'report.md',
    ]);
    const html = new TextDecoder().decode(files['report.html']);
    expect(html.match(/src="data:image\/png;base64,/g)).toHaveLength(3);
    expect(new TextDecoder().decode(files['figures.csv']).trim().split('\n')).toHaveLength(3);
  });
});
