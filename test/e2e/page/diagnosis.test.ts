import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

describe.skipIf(browserPath === undefined).each(DOORS)('what holds a run back, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;
  let run: string;

  beforeAll(async () => {
    const trained = await command(
      [
        'train',
        '--exp-id=short',
        '--grayscale',
        '--trim',
        '--resize=16,16',
        '--layers=4',
        '--nbr-epochs=6',
        '--json',
      ],
      { home },
    );
    run = jsonLines(trained.out).map((line) => RunRecord.parse(line).id)[0] ?? '';
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  test('is said in the terminal and on its page, and what is advised is set up in the launch form', async () => {
    const told = await command(['diagnose', run], { home });
    const sentence = /^High bias: .*; 6 epochs are too few to say whether more would help\.$/m.exec(
      told.out,
    )?.[0];
    expect(sentence).toBeDefined();
    expect(told.out).toMatch(/ train --trim=true .*--layers=4 --nbr-epochs=50 --exp-id=short$/m);

    const page = await session.open(`/runs/${run}`);
    const finding = page
      .getByRole('region', { name: 'What holds it back' })
      .getByRole('listitem')
      .filter({ hasText: sentence ?? '' });
    await finding.getByText('Try more epochs first: 50.').waitFor();
    await finding.getByRole('link', { name: 'Set that up' }).click();

    await page.getByRole('heading', { level: 1, name: 'New run' }).waitFor();
    await expect.poll(() => page.getByLabel('Epochs', { exact: true }).inputValue()).toBe('50');
    // All else is as it was: what the terminal prints is what the form has.
    const options = / train (.*)$/m.exec(told.out)?.[1] ?? '';
    const field = page.getByLabel('Command line: paste one here, or copy this');
    await expect.poll(() => field.inputValue()).toBe(options);
    await expect.poll(() => page.getByRole('button', { name: 'Launch', exact: true }).isEnabled()).toBe(true);
  });
});
