// @ts-check
/** Draws the pictures of this folder from the page's icon: `node resources/icon/make-icons.mjs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

/** Width and height in pixels, by file. Electron takes the larger one of `tray` where a screen is dense. */
const SIZES = { 'icon.png': 512, 'tray.png': 16, 'tray@2x.png': 32 };

const picture = readFileSync(join(import.meta.dirname, '../../src-renderer/theme/icon.svg'), 'utf8');
for (const [file, value] of Object.entries(SIZES)) {
  const drawn = new Resvg(picture, { fitTo: { mode: 'width', value } }).render();
  writeFileSync(join(import.meta.dirname, file), drawn.asPng());
}
