import { PortableCompute } from '../portable.ts';
import type { RungProbe } from './rung-probe.ts';
import { loadTfjs, requirePackage, tfjsVersion } from './tfjs-packages.ts';

/** TensorFlow.js in plain JavaScript: slow, and everywhere. */
export const cpu: RungProbe = {
  name: 'cpu',
  // One multiplication and one addition a cycle, at 5 GHz.
  mostOperations: 10e9,
  probe: () => {
    const library = `tfjs-backend-cpu ${tfjsVersion()}`;
    return Promise.resolve({
      available: true,
      library,
      reason: 'Plain JavaScript runs everywhere; it is the slowest rung.',
      notForAuto: null,
      connect: async () => {
        const tf = loadTfjs();
        requirePackage('@tensorflow/tfjs-backend-cpu');
        await tf.setBackend('cpu');
        return new PortableCompute({
          name: 'cpu',
          library,
          tf,
          transposeFirst: false,
          maxTensorBytes: Infinity,
          close: () => Promise.resolve(),
        });
      },
    });
  },
};
