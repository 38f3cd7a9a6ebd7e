import { readFileSync } from 'node:fs';
import { link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { createDataClient } from '../../src-main/workbench/data-client.ts';
import { forkHost } from '../../src-main/workbench/fork-host.ts';
import type { ProcessHost } from '../../src-main/workbench/process-host.ts';
import { defaultConfig } from '../../src-preload/contract/config.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ENTRY = join(import.meta.dirname, '../../out/main/data-process.js');

/** Files in one class; a hundred thousand take some minutes. */
const FILES = Number(process.env['LAYERBENCH_FILES'] ?? 2000);

const MOST_BYTES = 512 * 2 ** 20;

/** A client of a data process of its own, and the most memory that the process has held. */
function start() {
  const home = temporaryFolder();
  let pid: number | undefined;
  const host: ProcessHost = {
    start(entry) {
      const hosted = forkHost.start(entry);
      pid = hosted.pid;
      return hosted;
    },
  };
  const client = createDataClient(host, ENTRY);
  onTestFinished(() => {
    client.close();
  });
  const set = join(home, 'shapes');
  return {
    set,
    prepare: () =>
      client.call('prepare', {
        config: { ...defaultConfig(), dataset: set, resize: { width: 8, height: 8 } },
        folders: { datasets: join(home, 'datasets'), cache: join(home, 'cache'), cacheMaxBytes: 1e9 },
      }),
    peakBytes: () =>
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1]) * 1024,
  };
}

/** A chunk of a PNG: its length, name, contents and checksum. */
function chunk(name: string, contents: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), contents]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(contents.length, 0);
  ends.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([ends.subarray(0, 4), named, ends.subarray(4)]);
}

/** A PNG that says it is so wide and high, and holds next to nothing. */
function bomb(width: number, height: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', new Uint8Array(20)),
    chunk('IEND', new Uint8Array()),
  ]);
}

/** An image of noise, which no format makes small: some 40 kB as PNG. */
function noisy() {
  return sharp({
    create: {
      width: 120,
      height: 120,
      channels: 3,
      background: 'gray',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  });
}

test.skipIf(process.platform !== 'linux')(
  'of a corpus of bad images each is named, none stops the preparation, and memory stays within bounds',
  async () => {
    const { set, prepare, peakBytes } = start();
    await writeImageFolder(set, { round: 12, square: 12 });
    const bad = new Set<string>();
    const odd = new Set<string>();
    async function add(group: Set<string>, name: string, contents: Uint8Array | string): Promise<void> {
      group.add(`square/${name}`);
      await writeFile(join(set, 'square', name), contents);
    }
    const whole = {
      png: await noisy().png().toBuffer(),
      jpg: await noisy().jpeg({ quality: 100 }).toBuffer(),
      webp: await noisy().webp({ lossless: true }).toBuffer(),
    };
    for (const [format, bytes] of Object.entries(whole)) {
      for (let length = 1024; length < bytes.length - 1; length += 1024)
        await add(bad, `cut-at-${length}.${format}`, bytes.subarray(0, length));
    }
    await add(bad, 'empty.png', '');
    await add(bad, 'text.jpeg', 'no image');
    await add(bad, 'page.png', '<!doctype html><html><body>404</body></html>');
    await add(bad, 'bomb.png', bomb(64_000, 64_000));
    await add(bad, 'wide-bomb.png', bomb(2 ** 31 - 1, 1));
    await add(
      bad,
      'bomb.gif',
      Buffer.concat([Buffer.from('GIF89a', 'latin1'), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x80, 0, 0])]),
    );
    await add(
      bad,
      'drawn-bomb.png',
      '<svg xmlns="http://www.w3.org/2000/svg" width="64000" height="64000"/>',
    );
    await add(bad, 'huge.png', whole.png);
    // A file with a hole in it, which takes no room.
    await truncate(join(set, 'square', 'huge.png'), 300_000_000);

    await add(odd, 'other-ending.jpg', whole.png);
    await add(odd, 'cmyk.jpg', await noisy().toColourspace('cmyk').jpeg().toBuffer());
    await add(odd, 'deep.png', await noisy().toColourspace('rgb16').png().toBuffer());
    const frames = await Promise.all([0, 1, 2].map(() => noisy().png().toBuffer()));
    await add(
      odd,
      'animated.webp',
      await sharp(frames, { join: { animated: true } })
        .webp()
        .toBuffer(),
    );
    await add(
      odd,
      'animated.gif',
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    );
    const text = Buffer.concat([Buffer.from('Comment\0', 'latin1'), Buffer.alloc(20_000_000, 'x')]);
    const end = whole.png.length - 12;
    await add(
      odd,
      'much-said.png',
      Buffer.concat([whole.png.subarray(0, end), chunk('tEXt', text), whole.png.subarray(end)]),
    );
    for (const name of [
      '-rf.png',
      '--.png',
      'quo\'te".png',
      'new\nline.png',
      '$(id).png',
      '%00.png',
      'é😀.png',
      '\u202Egnp.png',
      `${'n'.repeat(240)}.png`,
      ' .png',
      'a|b.png',
      '#?&.png',
    ])
      await add(odd, name, whole.png);
    await symlink('loop-b.png', join(set, 'square', 'loop-a.png'));
    await symlink('loop-a.png', join(set, 'square', 'loop-b.png'));
    await symlink('..', join(set, 'square', 'up.png'));
    await mkdir(join(set, 'square', 'folder.png'));

    const { unreadable, images } = await prepare();
    const named = new Map(unreadable.map(({ path, reason }) => [path, reason]));
    for (const path of odd) expect(named.get(path), path).toBeUndefined();
    for (const path of bad) expect(named.get(path), path).toMatch(/^It .*\.$/s);
    expect(named.size).toBe(bad.size);
    expect(images).toBe(24 + odd.size);
    expect(named.get('square/bomb.png')).toBe('It has more than 64 million pixels.');
    expect(named.get('square/huge.png')).toBe('It has more than 256 million bytes.');
    console.log(`${bad.size} bad images, ${odd.size} odd ones; peak ${Math.round(peakBytes() / 1e6)} MB`);
    expect(peakBytes()).toBeLessThan(MOST_BYTES);
  },
  120_000,
);

test.skipIf(process.platform !== 'linux')(
  `${FILES} files in one class are listed and prepared`,
  async () => {
    const { set, prepare, peakBytes } = start();
    await writeImageFolder(set, { round: 3, square: 3 });
    const image = join(set, 'one.png');
    await writeFile(
      image,
      await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    );
    for (let index = 0; index < FILES; index++) {
      // A file has so many names and no more.
      if (index % 30_000 === 29_999) await writeFile(image, readFileSync(image));
      await link(image, join(set, 'square', `many-${index}.png`)).catch(() =>
        writeFile(join(set, 'square', `many-${index}.png`), readFileSync(image)),
      );
    }
    expect((await prepare()).images).toBe(FILES + 6);
    expect(peakBytes()).toBeLessThan(MOST_BYTES);
  },
  120_000 + FILES * 20,
);
