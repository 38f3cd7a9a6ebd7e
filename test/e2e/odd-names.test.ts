import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { command } from '../support/command.ts';
import { markedImage, writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Renames the window, empties the screen, hides what comes after, goes back in its line, and begins a new one. */
const COMMANDS = '\u001b]0;owned\u0007\u001b[2J\u001b[8m\r\nlayerbench: all is well';

test.skipIf(process.platform === 'win32')(
  'names of classes and files that hold commands for a terminal are shown, and do nothing',
  async () => {
    const home = temporaryFolder();
    const set = join(home, 'odd');
    await writeImageFolder(set, { round: 8 });
    const odd = `square${COMMANDS}`;
    await mkdir(join(set, odd));
    for (let index = 0; index < 8; index++)
      await writeFile(join(set, odd, `${index}${COMMANDS}.png`), await markedImage(index));
    await writeFile(join(set, odd, `broken${COMMANDS}.png`), 'no image');
    const small = ['--resize=6,6', '--nbr-epochs=1', '--layers=2', '--backend=cpu'];
    for (const args of [
      ['datasets', 'show', set],
      ['datasets', 'check', set],
      ['train', `--dataset=${set}`, ...small],
      ['show', 'last'],
      ['show', 'last', '--json'],
      ['train', `--dataset=${set}`, `--exp-id=a${COMMANDS.replace('\n', '')}`, ...small],
    ]) {
      const { out, err } = await command(args, { home });
      expect(`${out}${err}`, args.join(' ')).not.toMatch(/(?!\n)[\p{Cc}]/u);
      expect(`${out}${err}`, args.join(' ')).not.toMatch(/^layerbench: all is well/m);
    }
    const { out } = await command(['datasets', 'show', set], { home });
    expect(out).toContain('square\\u001b]0;owned\\u0007');
  },
  120_000,
);
