import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { type TensorFlowBinding, TensorFlowModule } from '../tensorflow-binding.ts';
import type { Compute } from '../compute.ts';
import { MixedCompute } from '../mixed.ts';
import { TensorFlowCompute } from '../tensorflow.ts';
import { createVectorMemory } from '../vector-memory.ts';
import { firstLine, type RungProbe, type Unusable, type Usable, type Workload } from './rung-probe.ts';
import { requirePackage } from './tfjs-packages.ts';

const PACKAGE = '@tensorflow/tfjs-node-gpu';

/**
 * Up to this many multiplications a matrix product takes longer on several cores than on one, together with the small
 * kernels around it that a second core has to be woken for as well (measured on two cores).
 */
const ONE_CORE_PRODUCT = 2 ** 27;

/** The library as one process has it: it cannot be loaded twice, so with or without a GPU is decided once. */
let loaded: TensorFlowBinding | undefined;

/** Why the library cannot be loaded, or the file of its binding where all is there. */
function findBinding(): { readonly file: string } | { readonly lacking: string } {
  let folder: string;
  try {
    folder = dirname(requirePackage.resolve(`${PACKAGE}/package.json`));
  } catch {
    return { lacking: `The optional package ${PACKAGE} is not installed.` };
  }
  const binaries = join(folder, 'lib');
  const file = existsSync(binaries)
    ? readdirSync(binaries)
        .map((version) => join(binaries, version, 'tfjs_binding.node'))
        .find((candidate) => existsSync(candidate))
    : undefined;
  return file === undefined
    ? {
        lacking:
          'libtensorflow is not in place: the set-up has not fetched it, or could not for this system.',
      }
    : { file };
}

/** Whether this machine has an NVIDIA driver at work. */
function hasNvidiaDriver(): boolean {
  const places =
    process.platform === 'win32'
      ? [join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvcuda.dll')]
      : ['/proc/driver/nvidia/version', '/dev/nvidiactl', '/dev/dxg'];
  return places.some((place) => existsSync(place));
}

function coresFor({ largestProduct, sparedCores }: Workload): number {
  return largestProduct <= ONE_CORE_PRODUCT ? 1 : Math.max(1, availableParallelism() - sparedCores);
}

/**
 * Loads the native module by itself: the JavaScript of tfjs-node around it would take 60 MB and as long again.
 * @throws whatever the loader of native modules throws
 */
function loadBinding(file: string, workload: Workload | undefined): TensorFlowBinding {
  if (loaded !== undefined) return loaded;
  // The library reads it once. On one core, the figures of a run do not depend on how many a machine has.
  if (workload !== undefined) process.env['TF_NUM_INTRAOP_THREADS'] ??= String(coresFor(workload));
  // Errors are still logged; what the library found in the processor is no news.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // A pool of its own that takes freed tensors again: the system's allocator leaves holes between aligned buffers of
  // many megabytes, and a long run grows to three times what it needs.
  process.env['TF_CPU_ALLOCATOR_USE_BFC'] ??= '1';
  loaded = TensorFlowModule.parse(requirePackage(file));
  return loaded;
}

function usable(name: 'cuda' | 'native', binding: TensorFlowBinding, reason: string): Usable {
  const library = `libtensorflow ${binding.TF_Version}`;
  return {
    available: true,
    library,
    reason,
    notForAuto: null,
    connect: () => Promise.resolve(connected(new TensorFlowCompute({ name, library, binding }))),
  };
}

/** On the CPU, small steps are taken in vector code where there is one: a call of the library takes longer. */
function connected(compute: TensorFlowCompute): Compute {
  const memory = compute.binding.isUsingGpuDevice() ? null : createVectorMemory();
  return memory === null ? compute : new MixedCompute(compute, memory);
}

function unusable(reason: string): Unusable {
  return { available: false, reason };
}

/** libtensorflow on an NVIDIA GPU. */
export const cuda: RungProbe = {
  name: 'cuda',
  mostOperations: Infinity,
  probe: (workload) => {
    if (!hasNvidiaDriver()) return Promise.resolve(unusable('This machine has no NVIDIA driver.'));
    const found = findBinding();
    if ('lacking' in found) return Promise.resolve(unusable(found.lacking));
    try {
      const binding = loadBinding(found.file, workload);
      return Promise.resolve(
        binding.isUsingGpuDevice()
          ? usable('cuda', binding, 'libtensorflow found a GPU it can use.')
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
  mostOperations: Infinity,
  probe: (workload) => {
    const found = findBinding();
    if ('lacking' in found) return Promise.resolve(unusable(found.lacking));
    try {
      // Hides a GPU from the library, unless the rung above had to load it with one.
      if (loaded === undefined) process.env['CUDA_VISIBLE_DEVICES'] = '-1';
      const binding = loadBinding(found.file, workload);
      const reason =
        'libtensorflow runs on the CPU with its vector units, on as many cores as pay; what is too small for it is done in vector code.';
      const notForAuto = binding.isUsingGpuDevice()
        ? 'libtensorflow is loaded with the GPU in this process, and would compute there'
        : null;
      return Promise.resolve({ ...usable('native', binding, reason), notForAuto });
    } catch (thrown) {
      return Promise.resolve(unusable(`libtensorflow did not load: ${firstLine(thrown)}.`));
    }
  },
};
