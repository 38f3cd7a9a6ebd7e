import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

const main = join(import.meta.dirname, 'src-main');

/**
 * Packages that become part of our own files: Node looks for each of their many modules on the disk, which was a third
 * of the time that a command took to start. Others are left where they are: native ones, those that read files of their
 * own, and TensorFlow's, of which there must be but one.
 */
const BUNDLED = [
  '@msgpack/msgpack',
  'cli-table3',
  'commander',
  'env-paths',
  'fast-png',
  'fastest-levenshtein',
  'jstat',
  'nanoid',
  'natural-orderby',
  'pure-rand',
  'sirv',
  'zod',
];

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      externalizeDeps: { exclude: BUNDLED },
      rolldownOptions: {
        input: {
          cli: join(main, 'cli/main.ts'),
          desktop: join(main, 'desktop/main.ts'),
          host: join(main, 'desktop/host-process.ts'),
          'log-keeper-worker': join(main, 'store/log-keeper-worker.ts'),
          'curve-reader-worker': join(main, 'store/curve-reader-worker.ts'),
          'data-process': join(main, 'data/process.ts'),
          'preparation-worker': join(main, 'data/preparation-worker.ts'),
          'training-process': join(main, 'training/process.ts'),
          'augmentation-worker': join(main, 'training/augmentation-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: true,
      rolldownOptions: {
        input: join(import.meta.dirname, 'src-preload/index.ts'),
        // A sandboxed page's bridge is one file that is no module.
        output: { format: 'cjs', entryFileNames: 'index.cjs' },
      },
    },
  },
  renderer: {
    root: join(import.meta.dirname, 'src-renderer'),
    base: './',
    plugins: [vue()],
    build: {
      outDir: join(import.meta.dirname, 'out/renderer'),
      emptyOutDir: true,
      // A browser of the last two years, and Electron's own.
      target: 'es2023',
      minify: true,
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 900,
      rolldownOptions: { input: join(import.meta.dirname, 'src-renderer/index.html') },
    },
  },
});
