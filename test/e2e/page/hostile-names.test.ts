import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { browserPath } from '../../support/page/browser.ts';
import { openPageSession, type PageSession } from '../../support/page/page-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

/** A class whose name is a picture that runs a script where it is taken for HTML. */
const HOSTILE = '<img src=x onerror=window.isOwned=true>';

describe.skipIf(browserPath === undefined || process.platform === 'win32')(
  'a class named like a piece of HTML',
  () => {
    const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
    const set = join(home, 'shapes');
    let session: PageSession;
    let runs: string[];

    beforeAll(async () => {
      await writeImageFolder(set, { round: 20, square: 20 });
      await rename(join(set, 'square'), join(set, HOSTILE));
      runs = [];
      for (const [index, folder] of [set, `${set}/`].entries()) {
        const { out } = await command(
          [
            'train',
            `--dataset=${folder}`,
            `--exp-id=${HOSTILE}${index}`,
            '--resize=6,6',
            '--nbr-epochs=3',
            `--layers=${2 + index}`,
            '--backend=cpu',
            '--json',
          ],
          { home },
        );
        runs.push(jsonLines(out).map((line) => RunRecord.parse(line).id)[0] ?? '');
      }
      session = await openPageSession(home, 'server');
    }, 120_000);
    afterAll(async () => {
      await session.close();
      rmSync(home, { recursive: true, force: true });
    });

    /** Neither an element that the name has become, nor what its script would have done. */
    async function isText(page: Page): Promise<void> {
      await expect(page.locator('img[onerror], img[src="x"]').count()).resolves.toBe(0);
      expect(await page.evaluate('window.isOwned')).toBeUndefined();
    }

    test('is text on the page of a run, and where the pointer rests on its confusion matrix', async () => {
      const page = await session.open(`/runs/${runs[0] ?? ''}`);
      const panel = page.getByRole('region', { name: /confusion/i }).first();
      await panel.scrollIntoViewIfNeeded();
      const canvas = panel.locator('canvas').first();
      await canvas.waitFor();
      const box = await canvas.boundingBox();
      if (box === null) throw new Error('The matrix has no place.');
      for (const [right, down] of [
        [0.4, 0.3],
        [0.7, 0.3],
        [0.4, 0.6],
        [0.7, 0.6],
      ] as const)
        await page.mouse.move(box.x + box.width * right, box.y + box.height * down, { steps: 3 });
      await page.getByText(HOSTILE).first().waitFor();
      await isText(page);
    });

    test('is text in a comparison and in its HTML report, which names no folder of this machine', async () => {
      const page = await session.open(`/compare?runs=${runs.join(',')}`);
      await page.getByText(`${HOSTILE}0`).first().waitFor();
      await page.locator('canvas').first().waitFor();
      await isText(page);
      await page.getByRole('button', { name: 'Export', exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByText('One HTML file').click(),
      ]);
      const report = readFileSync(await download.path(), 'utf8');
      expect(report).not.toContain('<img src=x');
      expect(report).toContain('&lt;img src=x');
      expect(report).not.toContain(home);
    });
  },
);
