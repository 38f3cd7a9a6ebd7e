import { expect, test } from 'vitest';
import { run, runSilently } from '../../../resources/setup/run.mjs';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NODE = process.execPath;

test('the exit code of a command is given on', async () => {
  const root = temporaryFolder();
  expect(await run(NODE, ['-e', 'process.exit(3)'], { root, stdout: 'inherit' })).toBe(3);
  expect(await run(NODE, ['-e', ''], { root, stdout: 'inherit' })).toBe(0);
});

test.skipIf(process.platform === 'win32')(
  'a command that a signal ended has the code that shells give it',
  async () => {
    const root = temporaryFolder();
    function endedBy(signal: string): Promise<number> {
      return run(NODE, ['-e', `process.kill(process.pid, '${signal}'); setInterval(() => {}, 1000)`], {
        root,
        stdout: 'inherit',
      });
    }
    expect(await endedBy('SIGINT')).toBe(130);
    expect(await endedBy('SIGTERM')).toBe(143);
    expect(await endedBy('SIGKILL')).toBe(137);
  },
);

test("the project's own programs are found before all others", async () => {
  const root = temporaryFolder();
  const { errors } = await runSilently(NODE, ['-e', 'console.error(process.env.PATH)'], { root });
  expect(
    errors.startsWith(`${root}/node_modules/.bin`.replaceAll('/', process.platform === 'win32' ? '\\' : '/')),
  ).toBe(true);
});

test('a program that never ends is ended after its limit', async () => {
  const root = temporaryFolder();
  const { code } = await runSilently(NODE, ['-e', 'setInterval(() => {}, 1000)'], { root, limitMs: 50 });
  expect(code).not.toBe(0);
});

test('a program that is not there is an error, not a silence', async () => {
  await expect(runSilently('layerbench-no-such-program', [], { root: temporaryFolder() })).rejects.toThrow(
    'ENOENT',
  );
});
