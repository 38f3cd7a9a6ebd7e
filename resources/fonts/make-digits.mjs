/**
 * Makes digits.json: the outlines of the digits 0–9 of the typefaces below, taken out of their npm packages. Run it
 * after a change to the list: `node resources/fonts/make-digits.mjs`. It needs npm and its registry; nothing else
 * does, since the outlines are kept in the repository.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import opentype from 'opentype.js';

/** Package, version, weight. All are under the SIL Open Font License 1.1 or the Apache License 2.0. */
const TYPEFACES = [
  ['inter', '5.3.0', 400],
  ['inter', '5.3.0', 800],
  ['roboto-slab', '5.3.0', 400],
  ['merriweather', '5.3.0', 700],
  ['playfair-display', '5.3.0', 700],
  ['oswald', '5.3.0', 500],
  ['space-mono', '5.3.0', 400],
  ['bebas-neue', '5.3.0', 400],
  ['comfortaa', '5.3.0', 600],
  ['abril-fatface', '5.3.0', 400],
  ['permanent-marker', '5.3.0', 400],
  ['josefin-sans', '5.3.0', 400],
  ['zilla-slab', '5.3.0', 600],
  ['lora', '5.3.0', 500],
  ['cinzel', '5.3.0', 600],
  ['righteous', '5.3.0', 400],
  ['source-sans-3', '5.3.1', 600],
];

const folder = mkdtempSync(join(tmpdir(), 'layerbench-fonts-'));
try {
  const typefaces = TYPEFACES.map(([name, version, weight]) => {
    const packed = execFileSync('npm', ['pack', '--silent', `@fontsource/${name}@${version}`], {
      cwd: folder,
    });
    const member = `package/files/${name}-latin-${weight}-normal.woff`;
    execFileSync('tar', ['xzf', packed.toString().trim(), '-C', folder, member, 'package/package.json'], {
      cwd: folder,
    });
    const { license } = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
    const bytes = readFileSync(join(folder, member));
    const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    return {
      name: `${name} ${weight}`,
      source: `@fontsource/${name}@${version}`,
      license,
      digits: Array.from({ length: 10 }, (_, digit) => outline(font, String(digit))),
    };
  });
  const file = new URL('digits.json', import.meta.url);
  writeFileSync(file, `${JSON.stringify({ typefaces }, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** A digit's outline with its centre at 0, its height 1000, y downwards; its width in the same unit. */
function outline(font, digit) {
  const path = font.getPath(digit, 0, 0, 1000);
  const { x1, y1, x2, y2 } = path.getBoundingBox();
  const scale = 1000 / (y2 - y1);
  const x = (value) => Math.round((value - (x1 + x2) / 2) * scale);
  const y = (value) => Math.round((value - (y1 + y2) / 2) * scale);
  const commands = path.commands.map((command) => {
    if (command.type === 'Z') return 'Z';
    if (command.type === 'C') {
      return `C${x(command.x1)} ${y(command.y1)} ${x(command.x2)} ${y(command.y2)} ${x(command.x)} ${y(command.y)}`;
    }
    if (command.type === 'Q') return `Q${x(command.x1)} ${y(command.y1)} ${x(command.x)} ${y(command.y)}`;
    return `${command.type}${x(command.x)} ${y(command.y)}`;
  });
  return { width: Math.round((x2 - x1) * scale), path: commands.join('') };
}
