import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

/** Encodes an image of one colour with a mark that its number places. */
export async function markedImage(
  number: number,
  format: 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' = 'png',
): Promise<Buffer> {
  const side = 12;
  const pixels = new Uint8Array(side * side * 3).fill(230 - (number % 7) * 20);
  for (let x = 0; x < 4; x++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels[((2 + (number % 5)) * side + 3 + x + (number % 3)) * 3 + channel] = (number * 37) % 90;
    }
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .toFormat(format)
    .toBuffer();
}

/** Writes `<folder>/<class>/<index>.png` for so many images of each class, all different. */
export async function writeImageFolder(
  folder: string,
  classes: Readonly<Record<string, number>>,
): Promise<void> {
  let number = 0;
  for (const [name, count] of Object.entries(classes)) {
    await mkdir(join(folder, name), { recursive: true });
    for (let index = 0; index < count; index++)
      await writeFile(join(folder, name, `${index}.png`), await markedImage(number++));
  }
}
