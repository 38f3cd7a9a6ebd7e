import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockFolder, withLock } from '../../../resources/setup/lock.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const ROOT = '/a/project';

/** A lock as another process leaves it. */
function foreignLock(folder: string, pid: number): string {
  const lock = lockFolder(ROOT, folder);
  mkdirSync(lock);
  writeFileSync(join(lock, 'owner'), JSON.stringify({ token: 'another', pid }));
  return lock;
}

function silent(): void {
  // What is said is no part of these tests.
}

test('of two set-ups at once one waits for the other, and says so', async () => {
  const folder = temporaryFolder();
  const order: string[] = [];
  const said: string[] = [];
  let secondHasLooked: () => void = silent;
  const looked = new Promise<void>((resolve) => (secondHasLooked = resolve));
  let firstHasBegun: () => void = silent;
  const begun = new Promise<void>((resolve) => (firstHasBegun = resolve));

  const first = withLock(
    ROOT,
    silent,
    async () => {
      order.push('first begins');
      firstHasBegun();
      await looked;
      order.push('first ends');
    },
    { folder },
  );
  await begun;
  const second = withLock(
    ROOT,
    (line) => said.push(line),
    () => {
      order.push('second');
      return Promise.resolve();
    },
    {
      folder,
      pause: async () => {
        secondHasLooked();
        await first;
      },
    },
  );
  await Promise.all([first, second]);

  expect(order).toEqual(['first begins', 'first ends', 'second']);
  expect(said).toEqual(['Another command is setting this up; waiting for it…']);
});

test('processes that set up the same project at once do it one after the other', async () => {
  const folder = temporaryFolder();
  const record = join(folder, 'record');
  const script = `
    import { appendFileSync } from 'node:fs';
    import { withLock } from ${JSON.stringify(new URL('../../../resources/setup/lock.mjs', import.meta.url).href)};
    const [root, folder, record] = process.argv.slice(1);
    for (let time = 0; time < 5; time++) {
      await withLock(root, () => undefined, async () => {
        appendFileSync(record, 'begin ');
        await new Promise((resolve) => setImmediate(resolve));
        appendFileSync(record, 'end\\n');
      }, { folder, pause: () => new Promise((resolve) => setImmediate(resolve)) });
    }`;
  const ends = [1, 2, 3].map(
    () =>
      new Promise((resolve) => {
        const args = ['--input-type=module', '-e', script, ROOT, folder, record];
        spawn(process.execPath, args, { stdio: 'inherit' }).once('close', resolve);
      }),
  );
  expect(await Promise.all(ends)).toEqual([0, 0, 0]);
  // Three processes, five times each, none between another's two words.
  expect(readFileSync(record, 'utf8')).toBe('begin end\n'.repeat(15));
});

test('another project has a lock of its own', () => {
  expect(lockFolder('/one')).not.toBe(lockFolder('/other'));
});

test('a lock whose process has ended is taken over at once', async () => {
  const folder = temporaryFolder();
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  foreignLock(folder, pid);
  let done = false;
  await withLock(
    ROOT,
    silent,
    () => {
      done = true;
      return Promise.resolve();
    },
    { folder, pause: () => Promise.reject(new Error('There is nothing to wait for.')) },
  );
  expect(done).toBe(true);
});

test('a lock of which nothing is heard is taken over, though another process has the id of its owner now', async () => {
  const folder = temporaryFolder();
  foreignLock(folder, process.pid);
  let looks = 0;
  let done = false;
  await withLock(
    ROOT,
    silent,
    () => {
      done = true;
      return Promise.resolve();
    },
    {
      folder,
      pause: () => {
        looks++;
        return Promise.resolve();
      },
    },
  );
  expect(done).toBe(true);
  // Not at the first look: its owner may only be busy.
  expect(looks).toBeGreaterThan(10);
});

test('an owner that shows life is waited for, however long it takes', async () => {
  const folder = temporaryFolder();
  const lock = foreignLock(folder, process.pid);
  let looks = 0;
  let looksWhenDone = 0;
  await withLock(
    ROOT,
    silent,
    () => {
      looksWhenDone = looks;
      return Promise.resolve();
    },
    {
      folder,
      pause: () => {
        looks++;
        const life = new Date(looks * 1000);
        if (looks < 1000) utimesSync(join(lock, 'owner'), life, life);
        else rmSync(lock, { recursive: true, force: true });
        return Promise.resolve();
      },
    },
  );
  expect(looksWhenDone).toBe(1000);
});

test('a lock that a crash left without an owner is taken over', async () => {
  const folder = temporaryFolder();
  const lock = lockFolder(ROOT, folder);
  mkdirSync(lock);
  writeFileSync(join(lock, 'owner'), '');
  let done = false;
  await withLock(
    ROOT,
    silent,
    () => {
      done = true;
      return Promise.resolve();
    },
    { folder, pause: () => Promise.resolve() },
  );
  expect(done).toBe(true);
});

test('a set-up that fails lets go of its lock', async () => {
  const folder = temporaryFolder();
  const failing = withLock(ROOT, silent, () => Promise.reject(new Error('no disk')), { folder });
  await expect(failing).rejects.toThrow('no disk');
  expect(existsSync(lockFolder(ROOT, folder))).toBe(false);
});

test('a lock that another process has taken over in the meantime is left to it', async () => {
  const folder = temporaryFolder();
  const lock = lockFolder(ROOT, folder);
  await withLock(
    ROOT,
    silent,
    () => {
      rmSync(lock, { recursive: true });
      foreignLock(folder, process.pid);
      return Promise.resolve();
    },
    { folder },
  );
  expect(JSON.parse(readFileSync(join(lock, 'owner'), 'utf8'))).toEqual({
    token: 'another',
    pid: process.pid,
  });
});
