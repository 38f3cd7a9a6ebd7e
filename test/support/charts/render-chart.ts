/** Run as a process of its own: writes a chart with four runs as a PNG file to the path that it is given. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { curvesOption, fontFilesIn, renderPng, renderSvg } from '../../../src-renderer/charts/headless.ts';
import { drawnRuns } from './drawn-runs.ts';

const fonts = fontFilesIn(fileURLToPath(new URL('../../../resources/fonts', import.meta.url)));
const size = { width: 600, height: 400 };
const option = curvesOption({ quantity: 'loss', ...drawnRuns(4, 30) }, { ...size, theme: 'light' });
writeFileSync(process.argv[2] ?? '', renderPng(renderSvg(option, { ...size, fonts }), { fonts }));
