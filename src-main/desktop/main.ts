import { join } from 'node:path';
import { app } from 'electron';
import { startDesktop } from './lifecycle.ts';

// Not awaited: Electron is not ready before this module has been evaluated.
startDesktop({
  page: join(import.meta.dirname, '../renderer'),
  preload: join(import.meta.dirname, '../preload/index.cjs'),
  host: join(import.meta.dirname, 'host.js'),
  icons: join(import.meta.dirname, '../../resources/icon'),
  environment: process.env,
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  app.exit(1);
});
