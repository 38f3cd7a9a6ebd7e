import { fork, type ForkOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, link, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { createDataClient } from '../../src-main/workbench/data-client.ts';
import { forkHost } from '../../src-main/workbench/fork-host.ts';
import type { HostedProcess, ProcessHost } from '../../src-main/workbench/process-host.ts';
import { defaultConfig, type RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import { writeImageFolder } from '../support/image-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ENTRY = join(import.meta.dirname, '../../out/main/data-process.js');

/** Files in one class; a hundred thousand take some minutes. */
const FILES = Number(process.env['LAYERBENCH_FILES'] ?? 2000);

/** As long as the mark with which a file of any of the formats ends (that of a PNG). Without it alone every pixel is there. */
const END_BYTES = 12;

const MOST_BYTES = 512 * 2 ** 20;

/** A client of a data process of its own, and the most memory that the process has held. */
function start(changes: Partial<RunConfig> = {}, options: ForkOptions = {}) {
  const home = temporaryFolder();
  let pid: number | undefined;
  const host: ProcessHost = {
    start(entry) {
      const hosted = Object.keys(options).length === 0 ? forkHost.start(entry) : hostedFork(entry, options);
      pid = hosted.pid;
      return hosted;
    },
  };
  const client = createDataClient(host, ENTRY);
  onTestFinished(() => {
    client.close();
  });
  const set = join(home, 'shapes');
  const given = {
    config: { ...defaultConfig(), dataset: set, resize: { width: 8, height: 8 }, ...changes },
    folders: { datasets: join(home, 'datasets'), cache: join(home, 'cache'), cacheMaxBytes: 1e9 },
  };
  return {
    home,
    set,
    prepare: () => client.call('prepare', given),
    check: () => client.call('check', given),
    preview: (path: string) => client.call('preview', { ...given, path, draw: 0, draws: 2 }),
    /** Why no picture of an image is shown; null where one is. */
    pictureFaults: async (call: 'thumbnails' | 'preparedPictures', paths: readonly string[]) => {
      const faults = new Map<string, string | null>();
      for (let from = 0; from < paths.length; from += 200) {
        const shown = await client.call(call, { ...given, paths: paths.slice(from, from + 200) });
        for (const { path, picture, reason } of shown) faults.set(path, picture === null ? reason : null);
      }
      return faults;
    },
    peakBytes: () =>
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid ?? 0}/status`, 'utf8'))?.[1]) * 1024,
  };
}

/** The same as the product's own host, with the options of another user. */
function hostedFork(entry: string, options: ForkOptions): HostedProcess {
  const child = fork(entry, [], { serialization: 'advanced', ...options });
  return {
    pid: child.pid,
    post: (message) => void child.send(message as object),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => {
      child.once('exit', (code) => {
        listener(`exit code ${code ?? 'unknown'}`);
      });
    },
    kill: () => void child.kill('SIGKILL'),
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

/** Puts chunks behind the head of a PNG. */
function withChunks(png: Buffer, ...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([png.subarray(0, 33), ...chunks, png.subarray(33)]);
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

/** An image of one colour. */
function flat(side: number) {
  return sharp({ create: { width: side, height: side, channels: 3, background: 'peru' } });
}

function stripOf(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: 'peru' } })
    .png()
    .toBuffer();
}

test.skipIf(process.platform !== 'linux')(
  'of a corpus of bad images each is named by whatever reads it, none stops it, and memory stays within bounds',
  async () => {
    const { set, prepare, check, preview, pictureFaults, peakBytes } = start();
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
      gif: await noisy().gif().toBuffer(),
      tiff: await noisy().tiff({ compression: 'none' }).toBuffer(),
      avif: await noisy().avif({ quality: 90, effort: 0 }).toBuffer(),
    };
    for (const [format, bytes] of Object.entries(whole)) {
      expect(bytes.length, format).toBeGreaterThan(8 * 1024);
      for (let length = 1024; length < bytes.length - END_BYTES; length += 1024)
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
    const comment = Buffer.from('Comment\0', 'latin1');
    await add(
      odd,
      'much-said.png',
      withChunks(whole.png, chunk('tEXt', Buffer.concat([comment, Buffer.alloc(20_000_000, 'x')]))),
    );
    const inflated = deflateSync(Buffer.alloc(7_000_000, 'x'));
    const said = chunk('zTXt', Buffer.concat([comment, Buffer.from([0]), inflated]));
    // Three million bytes that are three thousand million when they are inflated.
    await add(odd, 'inflated.png', withChunks(whole.png, ...new Array<Buffer>(450).fill(said)));
    const marker = Buffer.alloc(65_002, 'x');
    marker.set([0xff, 0xe1, 65_000 >> 8, 65_000 & 255]);
    marker.write('Exif\0\0', 4, 'latin1');
    await add(
      bad,
      'much-said.jpg',
      Buffer.concat([
        whole.jpg.subarray(0, 2),
        ...new Array<Buffer>(3000).fill(marker),
        whole.jpg.subarray(2),
      ]),
    );
    await add(
      bad,
      'in-pieces.png',
      withChunks(whole.png, ...new Array<Buffer>(100_001).fill(chunk('tEXt', new Uint8Array()))),
    );
    await add(bad, 'strip.png', await stripOf(1, 70_000));
    await add(
      bad,
      'drawing.png',
      '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8"/></svg>',
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
    const absent = new Map([
      ['square/loop-a.png', 'It is a link that leads in a circle.'],
      ['square/loop-b.png', 'It is a link that leads in a circle.'],
      ['square/lost.png', 'It is a link that leads nowhere.'],
      ['square/up.png', 'It is a folder.'],
      ['square/folder.png', 'It is a folder.'],
      ['square/caf\uFFFD.png', 'Its name is no text in UTF-8. Give it another name.'],
      ['lost-class', 'It is a link that leads nowhere.'],
    ]);
    await symlink('loop-b.png', join(set, 'square', 'loop-a.png'));
    await symlink('loop-a.png', join(set, 'square', 'loop-b.png'));
    await symlink('nowhere.png', join(set, 'square', 'lost.png'));
    await symlink('..', join(set, 'square', 'up.png'));
    await mkdir(join(set, 'square', 'folder.png'));
    await writeFile(
      Buffer.concat([Buffer.from(`${set}/square/`), Buffer.from('caf\xe9.png', 'latin1')]),
      whole.png,
    );
    await symlink('nowhere', join(set, 'lost-class'));

    const { unreadable, images } = await prepare();
    const named = new Map(unreadable.map(({ path, reason }) => [path, reason]));
    for (const path of odd) expect(named.get(path), path).toBeUndefined();
    for (const path of bad) expect(named.get(path), path).toMatch(/^It .*\.$/s);
    for (const [path, reason] of absent) expect(named.get(path), path).toBe(reason);
    expect(named.size).toBe(bad.size + absent.size);
    expect(images).toBe(24 + odd.size);
    expect(named.get('square/bomb.png')).toBe('It has more than 52 million pixels.');
    expect(named.get('square/huge.png')).toBe('It has more than 256 million bytes.');
    expect(named.get('square/much-said.jpg')).toBe('It has more than 16 million bytes of metadata.');
    expect(named.get('square/in-pieces.png')).toBe('It is made of more than 100,000 pieces.');
    expect(named.get('square/strip.png')).toBe('It has a side of more than 65,535 pixels.');
    expect(named.get('square/drawing.png')).toBe('It is empty, damaged, or of a format that is not read.');

    const health = await check();
    expect(new Map(health.unreadable.map(({ path, reason }) => [path, reason]))).toEqual(named);
    const listed = [...odd, ...bad];
    for (const call of ['thumbnails', 'preparedPictures'] as const) {
      for (const [path, fault] of await pictureFaults(call, listed))
        expect(fault, `${call} of ${path}`).toBe(bad.has(path) ? named.get(path) : null);
    }
    for (const path of listed) {
      const shown = await preview(path).then(
        () => 'shown',
        (error: unknown) => (error instanceof UserError ? error.message : error),
      );
      expect(shown).toBe(bad.has(path) ? `${path}: ${named.get(path)}` : 'shown');
    }
    console.log(
      `${bad.size} bad images, ${odd.size} odd ones, ${absent.size} that are none; peak ${Math.round(peakBytes() / 1e6)} MB`,
    );
    expect(peakBytes()).toBeLessThan(MOST_BYTES);
  },
  300_000,
);

test.skipIf(process.platform !== 'linux')(
  'images that are as large as they may be take turns: all together stay within the memory of one',
  async () => {
    const { set, prepare, check, preview, pictureFaults, peakBytes } = start({ trim: true });
    await writeImageFolder(set, { round: 6, square: 6 });
    const large = await flat(7200).png().toBuffer();
    const paths: string[] = [];
    async function add(name: string, contents: Uint8Array): Promise<void> {
      paths.push(`square/${name}`);
      await writeFile(join(set, 'square', name), contents);
    }
    for (let copy = 0; copy < 3; copy++) await add(`large-${copy}.png`, large);
    await add('turned.jpg', await flat(6000).withMetadata({ orientation: 6 }).jpeg().toBuffer());
    await add('passes.jpg', await flat(5000).jpeg({ progressive: true }).toBuffer());
    await add('whole.webp', await flat(5000).webp({ effort: 0 }).toBuffer());
    const tooMuch = ['square/deep.png', 'square/whole.avif'];
    await writeFile(
      join(set, 'square', 'deep.png'),
      await flat(7200).toColourspace('rgb16').png({ progressive: true, compressionLevel: 1 }).toBuffer(),
    );
    await writeFile(join(set, 'square', 'whole.avif'), await flat(4700).avif({ effort: 0 }).toBuffer());

    const { unreadable, images } = await prepare();
    expect(unreadable.map(({ path }) => path).sort()).toEqual(tooMuch);
    for (const { reason } of unreadable)
      expect(reason).toMatch(/^Decoding it would take \d+ MB of memory, more than the 345 MB that there are/);
    expect(images).toBe(12 + paths.length);
    expect((await check()).unreadable.map(({ path }) => path).sort()).toContain('square/deep.png');
    for (const [path, fault] of await pictureFaults('thumbnails', paths)) expect(fault, path).toBeNull();
    for (const path of paths) expect((await preview(path)).steps).toHaveLength(3);
    console.log(`${paths.length} large images; peak ${Math.round(peakBytes() / 1e6)} MB`);
    expect(peakBytes()).toBeLessThan(MOST_BYTES);
  },
  300_000,
);

test.skipIf(process.platform !== 'linux')(
  'a class folder that may not be read is named, and not taken for a disk that may not be written to',
  async () => {
    const nobody = 65_534;
    const isRoot = process.getuid?.() === 0;
    const { home, set, prepare } = start({}, isRoot ? { uid: nobody, gid: nobody } : {});
    await writeImageFolder(set, { round: 3, square: 3 });
    if (isRoot) await chmod(home, 0o777);
    await chmod(join(set, 'square'), 0o000);
    onTestFinished(() => chmod(join(set, 'square'), 0o700));
    const refusal: unknown = await prepare().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect(String(refusal)).toContain(`${join(set, 'square')} cannot be listed. It may not be read.`);
  },
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
