import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { z } from 'zod';
import { command } from '../../support/command.ts';
import { writeImageFolder } from '../../support/image-folder.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS, openPageSession, type PageSession } from '../../support/page/page-session.ts';

/** Where parts of a page stand, in pixels. */
const Boxes = z.array(
  z.object({ name: z.string(), x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
);

vi.mock('electron', () => import('../../electron/double/electron.ts'));

const SMALL = '--grayscale --trim --resize=16,16';

describe.skipIf(browserPath === undefined).each(DOORS)('what a launch will be, through the %s', (door) => {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  let session: PageSession;

  beforeAll(async () => {
    session = await openPageSession(home, door);
  });
  afterAll(async () => {
    await session.close();
    rmSync(home, { recursive: true, force: true });
  });

  function launchWith(options: string): string {
    return `/launch?options=${encodeURIComponent(options)}`;
  }

  /** Milliseconds of a duration as it is written. */
  function msOf(text: string): number {
    const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };
    return [...text.matchAll(/([\d.]+) (ms|s|min|h)\b/g)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? NaN),
      0,
    );
  }

  async function boxOf(what: Locator) {
    return (await what.boundingBox()) ?? expect.fail('It is not to be seen.');
  }

  test('what a sweep takes is not made up; once a run was measured each setting has its own time', async () => {
    const options = `${SMALL} --layers=10;1000 --training-times=2`;
    const page = await session.open(launchWith(options));
    const panel = page.getByRole('region', { name: 'Launch' });
    const summary = panel.getByRole('status');
    await summary.getByText(/^2 settings × 2 seeds: 4 runs\. How long it takes is not known yet/).waitFor();
    await panel.getByRole('row', { name: '1000 2 –' }).waitFor();
    await page
      .getByText('What an epoch takes here is not known yet: the first run that ends tells.')
      .waitFor();

    await command(['train', '--exp-id=measured', ...SMALL.split(' '), '--layers=10', '--nbr-epochs=20'], {
      home,
    });
    await page.reload();
    await summary.getByText(/^2 settings × 2 seeds: 4 runs, roughly/).waitFor();
    const [small, large] = await Promise.all(
      ['10', '1000'].map(async (units) =>
        msOf(await panel.getByRole('row', { name: new RegExp(`^${units} 2 `) }).innerText()),
      ),
    );
    // A hundred times the weights are more than five times the time.
    expect(large).toBeGreaterThan(5 * (small ?? NaN));
    const all = msOf((await summary.innerText()).split('runs').at(-1) ?? '');
    expect(Math.abs(all / ((small ?? NaN) + (large ?? NaN)) - 1)).toBeLessThan(0.05);
    await page.getByText(/\(from 1 run measured here\)/).waitFor();
  });

  test('what becomes of an image follows the options, and its augmentation is drawn anew', async () => {
    const page = await session.open('/launch');
    const preview = page.getByRole('region', { name: 'Preparation preview' });
    await preview.getByRole('img', { name: /^As it is: 0\// }).waitFor();
    await preview.getByText('Resized 110×110×3').waitFor();
    await page.getByLabel('Resize', { exact: true }).fill('20,24');
    await preview.getByText('Resized 20×24×3').waitFor();
    expect(await preview.getByRole('button', { name: 'Draw another' }).count()).toBe(0);

    await page.getByLabel('Noise', { exact: true }).fill('0.3');
    const drawn = preview.getByRole('img', { name: 'Augmented 1' });
    await drawn.waitFor();
    expect(await preview.getByRole('img', { name: /^Augmented/ }).count()).toBe(6);
    async function pixels(): Promise<string> {
      return (await drawn.screenshot()).toString('base64');
    }
    const before = await pixels();
    await preview.getByRole('button', { name: 'Draw another' }).click();
    await expect.poll(pixels).not.toBe(before);
  });

  test('while a field is written anew everything stays in its place, and the chosen sample stays chosen', async () => {
    const page = await session.open('/launch');
    const preview = page.getByRole('region', { name: 'Preparation preview' });
    const sample = preview.getByRole('button', { name: /^Preview 7\// }).nth(2);
    await sample.click();
    await preview.getByRole('img', { name: /^As it is: 7\// }).waitFor();
    const known = page.getByRole('region', { name: 'Launch' }).getByText(/^1 run[,.]/);
    await known.waitFor();
    await page.getByRole('heading', { name: 'Problems found' }).waitFor();
    const regions = ['Launch', 'Model', 'Preparation preview', 'Data set'];
    /** From the first of them on, all at one moment: how far the page is scrolled is none of its layout. */
    async function places() {
      const all = Boxes.parse(
        await page.evaluate(`[...document.querySelectorAll('section[aria-label]')].map((section) => {
          const { x, y, width, height } = section.getBoundingClientRect();
          return { name: section.getAttribute('aria-label'), x, y, width, height };
        })`),
      );
      const boxes = all.filter(({ name }) => regions.includes(name));
      expect(boxes).toHaveLength(regions.length);
      return boxes.map((box) => ({ ...box, y: box.y - (boxes[0]?.y ?? 0) }));
    }
    const rate = page.getByLabel('Learning rate', { exact: true });
    await rate.focus();
    const before = await places();
    await rate.fill('');
    await page.getByText('This takes a number above 0 to 100').waitFor();
    await page.getByText('The form has an error: what is shown here is of the form before it.').waitFor();
    expect(await places()).toEqual(before);
    expect(await sample.getAttribute('aria-pressed')).toBe('true');
    await rate.fill('0.02');
    await known.waitFor();
    expect(await places()).toEqual(before);
    // Nor is it lost while another data set is being named.
    await page.getByRole('combobox', { name: 'Data set' }).fill('numb');
    await page.getByRole('region', { name: 'Data set' }).getByText(/numb/).first().waitFor();
    expect(await sample.getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('combobox', { name: 'Data set' }).fill('numbers');
    await page
      .getByRole('region', { name: 'Data set' })
      .getByText(/^numbers: 847 images/)
      .waitFor();
    expect(await sample.getAttribute('aria-pressed')).toBe('true');
  });

  test('parameters per sample stand on a scale with the rule of thumb as a band', async () => {
    const page = await session.open(launchWith(`${SMALL} --layers=16`));
    const model = page.getByRole('region', { name: 'Model' });
    await model.getByText('within the rule of thumb').waitFor();
    async function isInBand(): Promise<boolean> {
      const [mark, band] = await Promise.all([boxOf(model.locator('.mark')), boxOf(model.locator('.band'))]);
      const middle = mark.x + mark.width / 2;
      return middle > band.x && middle < band.x + band.width;
    }
    expect(await isInBand()).toBe(true);
    // 256 × 16, 16 × 10 weights and biases, and batch normalization's: by hand from the table of layers.
    const total = await model.getByRole('row', { name: /^All/ }).innerText();
    const ratio = Number(total.replaceAll(/\D/g, '')) / 593;
    await model.getByText(ratio.toPrecision(3), { exact: true }).waitFor();
    await page.getByLabel('Hidden layers', { exact: true }).fill('500');
    await model.getByText('many parameters for so few samples: high variance is likely').waitFor();
    expect(await isInBand()).toBe(false);
  });

  test('what is wrong with a data set is said without being asked, and no class is passed over in silence', async () => {
    const set = join(home, 'datasets', 'letters');
    const classes = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [String.fromCharCode(97 + index), 4]),
    );
    await writeImageFolder(set, { ...classes, a: 40 });
    writeFileSync(join(set, 'c', 'broken.png'), 'no image');
    const page = await session.open(launchWith('--dataset=letters --resize=8,8'));
    const panel = page.getByRole('region', { name: 'Data set' });
    await panel.getByText(/^1 file cannot be read and will be left out, such as c\/broken\.png/).waitFor();
    await page.getByText(/^\d+ problems found in the data set$/).waitFor();
    await panel.getByText(/^Classes are out of balance: a has 40 images/).waitFor();
    await panel.getByText(/how all files begin/).waitFor();
    await panel.getByRole('button', { name: /^Show all \d+$/ }).click();
    await panel.getByText(/^Class n has (no|\d) dev image/).waitFor();

    const preview = page.getByRole('region', { name: 'Preparation preview' });
    await preview.getByText('12 of 14 classes are shown.').waitFor();
    expect(await preview.getByRole('button', { name: /^Preview n\// }).count()).toBe(0);
    await preview.getByRole('button', { name: 'Show 2 more' }).click();
    expect(await preview.getByRole('button', { name: /^Preview n\// }).count()).toBe(4);
    await preview
      .getByRole('button', { name: /^Preview n\// })
      .first()
      .getByRole('img')
      .waitFor();
    expect(await preview.getByText('classes are shown').count()).toBe(0);
  });
});
