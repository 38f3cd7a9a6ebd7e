import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import electronPackage from '../../node_modules/electron/package.json' with { type: 'json' };
import { packageApplication, programOf } from '../../resources/packaging/package-application.ts';
import { findElectron, whyNoWindow } from '../../resources/setup/electron-binary.mjs';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '../..');

const fetched = findElectron(join(ROOT, 'node_modules/electron'), electronPackage.version, process.env);
const reason =
  whyNoWindow({ platform: process.platform, environment: process.env, userId: process.getuid?.() }) ??
  (fetched === undefined ? "Electron's program has not been fetched." : undefined);
if (reason !== undefined) console.log(`skipped: the packaged application. ${reason}`);

test.skipIf(reason !== undefined)(
  'the packaged application has its fuses set, and opens its page',
  async () => {
    const folder = await packageApplication({ root: ROOT, out: temporaryFolder() });
    const bundle = programOf(folder, 'Layerbench');
    expect(await getCurrentFuseWire(bundle)).toMatchObject({
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: FuseState.DISABLE,
      [FuseV1Options.EnableNodeCliInspectArguments]: FuseState.DISABLE,
      [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.ENABLE,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: FuseState.DISABLE,
    });
    const program = process.platform === 'darwin' ? join(bundle, 'Contents/MacOS/Layerbench') : bundle;
    // Playwright's own way in is one of those that the fuses close: this is Chromium's.
    const application = spawn(program, ['--remote-debugging-port=0'], {
      env: { ...process.env, LAYERBENCH_HOME: temporaryFolder() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    onTestFinished(async () => {
      application.kill();
      await once(application, 'exit');
    });
    let address: string | undefined;
    for await (const line of createInterface(application.stderr)) {
      address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) break;
    }
    const browser = await chromium.connectOverCDP(address ?? '');
    const [page] = browser.contexts().flatMap((context) => context.pages());
    await page?.getByRole('navigation', { name: 'Pages' }).waitFor();
    expect(page?.url()).toMatch(/^layerbench:\/\/app\/index\.html/);
    await browser.close();
  },
  600_000,
);
