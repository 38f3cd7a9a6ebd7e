import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { violations } from '../../support/page/axe.ts';
import { browserPath } from '../../support/page/browser.ts';
import { DOORS } from '../../support/page/page-session.ts';
import { openStoredSession, plainRuns, type StoredSession } from '../../support/page/stored-session.ts';

vi.mock('electron', () => import('../../electron/double/electron.ts'));

const PAGES = [
  ['start', '/', /^Train small/],
  ['runs', '/runs', /^Runs/],
  ['run', '/runs/run1', /^beta/],
  ['launch', '/launch', /^New run/],
  ['queue', '/queue', /^Queue/],
  ['compare', '/compare?runs=run0,run1,run2', /^Compare/],
  ['study', '/study', /^The reference study/],
] as const;

/** Of what has the focus: its name, and whether anything shows that by a line around it that is else not there. */
const FOCUS = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const around = [];
  for (let one = element; one !== null && around.length < 7; one = one.parentElement) around.push(one);
  function lines() {
    return around.map((one) => {
      const { outlineStyle, outlineWidth, outlineOffset, opacity } = getComputedStyle(one);
      const isThere = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && opacity !== '0';
      if (!isThere) return false;
      // What cuts off what lies beyond it may cut off one side of the line, no more.
      const reach = Math.max(0, parseFloat(outlineOffset));
      const { left, top, right, bottom } = one.getBoundingClientRect();
      for (let box = one.parentElement; box !== null; box = box.parentElement) {
        if (!/hidden|clip/.test(getComputedStyle(box).overflow)) continue;
        const sides = box.getBoundingClientRect();
        const cut = [
          left - reach < sides.left - 1,
          right + reach > sides.right + 1,
          top - reach < sides.top - 1,
          bottom + reach > sides.bottom + 1,
        ];
        if (cut.filter(Boolean).length > 1) return false;
      }
      return true;
    });
  }
  const focused = lines();
  element.blur();
  const blurred = lines();
  element.focus({ preventScroll: true });
  window.seen ??= new Set();
  const isNew = !window.seen.has(element);
  window.seen.add(element);
  return { html: element.outerHTML.slice(0, 160), isSeen: focused.some((there, at) => there && !blurred[at]), isNew };
})()`;

/** Pixels of the page's content beyond its right edge. */
const BEYOND = `(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('main'))`;

/** How many changes of the look are on their way to an end. */
const FADING = `document.getAnimations().filter((one) =>
  one.playState === 'running' && Number.isFinite(one.effect.getComputedTiming().endTime)).length`;

interface Focus {
  readonly html: string;
  readonly isSeen: boolean;
  readonly isNew: boolean;
}

const MOST_STOPS = 300;

describe.skipIf(browserPath === undefined).each(DOORS)('for everyone, through the %s', (door) => {
  let session: StoredSession;

  beforeAll(async () => {
    session = await openStoredSession(door, plainRuns({ alpha: 0.4, beta: 0.9, gamma: 0.6 }));
  });
  afterAll(() => session.close());

  async function open(address: string, heading: RegExp, options = {}): Promise<Page> {
    const page = await session.open(address, options);
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await page.waitForLoadState('networkidle');
    return page;
  }

  test.each(PAGES)('what has the focus on %s is seen to have it', async (_name, address, heading) => {
    const page = await open(address, heading);
    const unseen: string[] = [];
    let stops = 0;
    for (let misses = 0; stops < MOST_STOPS && misses < 2;) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate<Focus | null>(FOCUS);
      if (focus === null || !focus.isNew) {
        misses++;
        continue;
      }
      misses = 0;
      stops++;
      if (!focus.isSeen) unseen.push(focus.html);
    }
    expect(unseen).toEqual([]);
    expect(stops).toBeGreaterThan(10);
  });

  test.each(PAGES)(
    '%s is as wide as a window of 1024, 1440 and 3840 pixels',
    async (_name, address, heading) => {
      const page = await open(address, heading, { viewport: { width: 1024, height: 700 } });
      for (const viewport of [
        { width: 1024, height: 700 },
        { width: 1440, height: 900 },
        { width: 3840, height: 2160 },
      ]) {
        await page.setViewportSize(viewport);
        await expect.poll(() => page.evaluate<number>('innerWidth')).toBe(viewport.width);
        // Charts are given their new size a moment later.
        await expect.poll(() => page.evaluate<number>(BEYOND)).toBeLessThanOrEqual(0);
        const used = await page.evaluate<number>(
          `document.querySelector('main .page').getBoundingClientRect().width`,
        );
        if (!TEXT_PAGES.has(address)) expect(used).toBeGreaterThan(0.95 * viewport.width);
      }
    },
  );

  const layers: readonly (readonly [string, string, RegExp, (page: Page) => Promise<unknown>, string])[] = [
    ['the palette', '/runs/run1', /^beta/, (page) => page.keyboard.press('Control+k'), '#commands li'],
    ['the keys', '/runs', /^Runs/, (page) => page.keyboard.press('?'), '[role=dialog] dl'],
    ['the columns', '/runs', /^Runs/, (page) => page.keyboard.press('C'), '.columns label'],
    ['the views', '/runs', /^Runs/, (page) => page.keyboard.press('V'), '.views input'],
    [
      'names and tags',
      '/runs/run1',
      /^beta/,
      (page) => page.getByRole('button', { name: 'Name and tags' }).click(),
      '.organize input',
    ],
    [
      'an export',
      '/runs/run1',
      /^beta/,
      (page) => page.getByRole('button', { name: 'Export Loss' }).click(),
      '.v-list-item',
    ],
    [
      'mistakes',
      '/runs/run1',
      /^beta/,
      (page) => page.locator('button.pair').first().click(),
      '[role=dialog] h2',
    ],
    [
      'a folder to choose',
      '/launch?choose=1',
      /^New run/,
      () => Promise.resolve(),
      door === 'window' ? 'main h1' : '[role=dialog] .folders',
    ],
    [
      'a message that can be undone',
      '/runs/run1',
      /^beta/,
      (page) => page.keyboard.press('Delete'),
      '.message',
    ],
  ];

  test.each(layers)(
    '%s can be read and worked by everyone, in light and in dark',
    async (name, address, heading, act, shown) => {
      const page = await open(address, heading);
      const isMessage = name === 'a message that can be undone';
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`.v-application.v-theme--${colorScheme}`).waitFor();
        if (colorScheme === 'light' || isMessage) await act(page);
        await page.locator(shown).first().waitFor();
        // What fades in is not what is looked at.
        await expect.poll(() => page.evaluate<number>(FADING)).toBe(0);
        expect(await violations(page)).toEqual([]);
        if (isMessage) {
          await page.keyboard.press('Control+z');
          await page.getByText('Undone: 1 run moved to the trash.').first().waitFor();
        }
      }
    },
  );
});

/** Pages of text and lists: lines of it are not made longer than can be read. */
const TEXT_PAGES = new Set<string>(['/', '/queue', '/study']);
