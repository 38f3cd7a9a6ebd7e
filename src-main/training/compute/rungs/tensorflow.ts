import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import nodeUtil from 'node:util';
import type * as tfjs from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { PortableCompute } from '../portable.ts';
import { firstLine, type RungProbe, type Unusable, type Usable } from './rung-probe.ts';
import { loadTfjs, requirePackage } from './tfjs-packages.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

/** What of the native backend is looked at. */
const NativeBackend = z.looseObject({
  isUsingGpuDevice: z.boolean(),
  binding: z.looseObject({ TF_Version: z.string() }),
});

/** The library as one process has it: it cannot be loaded twice, so with or without a GPU is decided once. */
interface Library {
  readonly tf: typeof tfjs;
  readonly version: string;
  readonly usesGpu: boolean;
}

let loaded: Library | undefined;

/** Why the library cannot be loaded, or undefined where all files are there. */
function missing(): string | undefined {
  let folder: string;
  try {
    folder = dirname(requirePackage.resolve(`${PACKAGE}/package.json`));
  } catch {
    return `The optional package ${PACKAGE} is not installed.`;
  }
  const binaries = join(folder, 'lib');
  const isThere =
    existsSync(binaries) &&
    readdirSync(binaries).some((version) => existsSync(join(binaries, version, 'tfjs_binding.node')));
  return isThere
    ? undefined
    : 'libtensorflow is not in place: the set-up has not fetched it, or could not for this system.';
}

/** Whether this machine has an NVIDIA driver at work. */
function hasNvidiaDriver(): boolean {
  const places =
    process.platform === 'win32'
      ? [join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvcuda.dll')]
      : ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'];
  return places.some((place) => existsSync(place));
}

/** @throws whatever the loader of native modules throws */
function loadLibrary(): Library {
  if (loaded !== undefined) return loaded;
  // Errors are still logged; what the library found in the processor is no news.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // tfjs-node calls both: Node 23 removed the first, and warns on standard error at the second.
  Object.assign(nodeUtil, {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
  });
  const tf = loadTfjs();
  requirePackage(PACKAGE);
  const backend = NativeBackend.parse(tf.findBackend('tensorflow'));
  loaded = { tf, version: backend.binding.TF_Version, usesGpu: backend.isUsingGpuDevice };
  return loaded;
}

function usable(name: 'cuda' | 'native', library: Library, reason: string): Usable {
  const { tf } = library;
  const text = `libtensorflow ${library.version}`;
  return {
    available: true,
    library: text,
    reason,
    notForAuto: null,
    connect: async () => {
      await tf.setBackend('tensorflow');
      return new PortableCompute({
        name,
        library: text,
        tf,
        transposeFirst: false,
        maxTensorBytes: Infinity,
        // The library stays loaded until the process ends; tensors are released by whoever made them.
        close: () => Promise.resolve(),
      });
    },
  };
}

function unusable(reason: string): Unusable {
  return { available: false, reason };
}

/** libtensorflow on an NVIDIA GPU. */
export const cuda: RungProbe = {
  name: 'cuda',
  probe: () => {
    if (!hasNvidiaDriver()) return Promise.resolve(unusable('This machine has no NVIDIA driver.'));
    const lacking = missing();
    if (lacking !== undefined) return Promise.resolve(unusable(lacking));
    try {
      const library = loadLibrary();
      return Promise.resolve(
        library.usesGpu
          ? usable('cuda', library, 'libtensorflow found a GPU it can use.')
          : unusable(
              'libtensorflow found no GPU it can use: it is a build for the CPU, or its CUDA libraries are missing.',
            ),
      );
    } catch (thrown) {
      return Promise.resolve(unusable(`libtensorflow did not load: ${firstLine(thrown)}.`));
    }
  },
};

/** libtensorflow on the CPU. */
export const native: RungProbe = {
  name: 'native',
  probe: () => {
    const lacking = missing();
    if (lacking !== undefined) return Promise.resolve(unusable(lacking));
    try {
      // Hides a GPU from the library, unless the rung above had to load it with one.
      if (loaded === undefined) process.env['CUDA_VISIBLE_DEVICES'] = '-1';
      const library = loadLibrary();
      return Promise.resolve(
        usable('native', library, 'libtensorflow runs on the CPU, all cores and vector units.'),
      );
    } catch (thrown) {
      return Promise.resolve(unusable(`libtensorflow did not load: ${firstLine(thrown)}.`));
    }
  },
};
