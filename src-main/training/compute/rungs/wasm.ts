import { dirname, join, sep } from 'node:path';
import type * as tfjsWasm from '@tensorflow/tfjs-backend-wasm';
import { PortableCompute } from '../portable.ts';
import { firstLine, type RungProbe } from './rung-probe.ts';
import { loadTfjs, requirePackage, tfjsVersion } from './tfjs-packages.ts';

/** All tensors share an address space of 4 GiB. */
const MAX_TENSOR_BYTES = 1024 ** 3;

/** TensorFlow.js in WebAssembly with SIMD, on one thread: with more it was 16 times slower in Node. */
export const wasm: RungProbe = {
  name: 'wasm',
  // Four multiplications and four additions a cycle, at 5 GHz, on one core.
  mostOperations: 40e9,
  probe: async () => {
    try {
      const tf = loadTfjs();
      const backend = requirePackage('@tensorflow/tfjs-backend-wasm') as typeof tfjsWasm;
      tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
      const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
      const folder = join(
        dirname(requirePackage.resolve('@tensorflow/tfjs-backend-wasm/package.json')),
        'dist',
      );
      backend.setWasmPaths(folder + sep);
      const library = `tfjs-backend-wasm ${tfjsVersion()}${simd === true ? ' with SIMD' : ''}`;
      return {
        available: true,
        library,
        reason: 'WebAssembly is part of Node and needs nothing else.',
        notForAuto: null,
        connect: async () => {
          if (!(await tf.setBackend('wasm'))) throw new Error('The wasm backend did not start.');
          return new PortableCompute({
            name: 'wasm',
            library,
            tf,
            transposeFirst: true,
            maxTensorBytes: MAX_TENSOR_BYTES,
            close: () => Promise.resolve(),
          });
        },
      };
    } catch (thrown) {
      return { available: false, reason: `The wasm backend did not load: ${firstLine(thrown)}.` };
    }
  },
};
