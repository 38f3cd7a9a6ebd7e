/** `npm run package -- [folder]`: makes an application for this system, beside the project unless a folder is named. */
import { join, resolve } from 'node:path';
import { packageApplication } from './package-application.ts';

const root = join(import.meta.dirname, '../..');
const out = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? join(root, 'out/package'));
const folder = await packageApplication({ root, out });
process.stdout.write(`${folder}\n`);
