import { expect, test } from 'vitest';
import { RunConfig } from '../../../src-preload/contract/config.ts';
import { browserPath, NO_BROWSER, openBrowser } from '../../support/page/browser.ts';
import { serveWorkbench } from '../../support/served-workbench.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

if (browserPath === undefined) console.log(`skipped: ${NO_BROWSER}`);

const EPOCHS = 60;
const PATIENCE = { timeout: 240_000, interval: 100 };

test.skipIf(browserPath === undefined)(
  'a page that is closed while a run goes on: the run goes on, and the link brings it back',
  async () => {
    const bench = await serveWorkbench(temporaryFolder());
    const browser = await openBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(bench.served.link);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const config = RunConfig.parse({
      dataset: 'colors',
      resize: { width: 8, height: 8 },
      layers: [4],
      backend: 'native',
      nbrEpochs: EPOCHS,
      displaySamples: 0,
      expId: 'goes-on',
    });
    const [run] = await bench.client.call('launch', { configs: [config], jobs: 1 });
    const id = run?.id ?? '';
    await page.close();
    await context.close();
    await expect
      .poll(async () => (await bench.client.call('run', { run: id })).status, PATIENCE)
      .toBe('finished');
    expect((await bench.client.call('run', { run: id })).epochs).toBe(EPOCHS);

    const again = await (await browser.newContext()).newPage();
    await again.goto(bench.served.link);
    await again.getByRole('heading', { level: 1 }).waitFor();
    await again.evaluate(`location.hash = '#/runs/${id}'`);
    await again.getByRole('heading', { level: 1, name: 'goes-on' }).waitFor();
    await browser.close();
    await bench.close();
  },
  400_000,
);
