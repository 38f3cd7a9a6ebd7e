import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type * as tfjsWebGpu from '@tensorflow/tfjs-backend-webgpu';
import { PortableCompute } from '../portable.ts';
import { firstLine, type RungProbe, type Unusable } from './rung-probe.ts';
import { loadTfjs, requirePackage } from './tfjs-packages.ts';

/** Names that drivers which compute on the CPU give themselves. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

function unusable(reason: string): Unusable {
  return { available: false, reason };
}

/** Whether Vulkan has any driver to load: asking it without one prints warnings that cannot be caught. */
function hasVulkanDriver(): boolean {
  const named = process.env['VK_DRIVER_FILES'] ?? process.env['VK_ICD_FILENAMES'];
  if (named !== undefined) return named.split(':').some((file) => file !== '' && existsSync(file));
  const dataHome = process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share');
  return ['/etc', '/usr/share', '/usr/local/share', '/usr/local/etc', dataHome].some((base) => {
    const folder = join(base, 'vulkan', 'icd.d');
    return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json'));
  });
}

/** Dawn, Chromium's WebGPU, on the GPU of any vendor. */
export const webgpu: RungProbe = {
  name: 'webgpu',
  mostOperations: Infinity,
  probe: async () => {
    if (process.platform === 'linux' && !hasVulkanDriver()) {
      return unusable('This machine has no Vulkan driver that WebGPU could use.');
    }
    let adapter: GPUAdapter | null;
    let gpu: GPU;
    try {
      const dawn = await import('webgpu');
      Object.assign(globalThis, dawn.globals);
      gpu = dawn.create([]);
      adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    } catch (thrown) {
      return unusable(`WebGPU did not load: ${firstLine(thrown)}.`);
    }
    if (adapter === null) return unusable('WebGPU found no graphics adapter that it can use.');
    const found = adapter;
    const { description, vendor, architecture, device } = found.info;
    const label = [vendor, architecture, description === '' ? device : description]
      .filter((word) => word !== '')
      .join(' ');
    const isSoftware = found.info.isFallbackAdapter || SOFTWARE.test(`${label} ${device}`);
    const library = `Dawn on ${label}`;
    return {
      available: true,
      library,
      reason: isSoftware
        ? `The only Vulkan driver computes on the CPU (${label}).`
        : `WebGPU found a graphics adapter (${label}).`,
      notForAuto: isSoftware
        ? 'a driver that computes on the CPU is slower than libtensorflow or wasm'
        : null,
      connect: async () => {
        const tf = loadTfjs();
        // The package registers itself only where `navigator.gpu` is there when it is loaded.
        Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
        const backend = requirePackage('@tensorflow/tfjs-backend-webgpu') as typeof tfjsWebGpu;
        const { limits } = found;
        const requested = await found.requestDevice({
          requiredLimits: {
            maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
            maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
            maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
            maxBufferSize: limits.maxBufferSize,
            maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
            maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
          },
        });
        tf.removeBackend('webgpu');
        tf.registerBackend('webgpu', () => new backend.WebGPUBackend(requested, found.info));
        if (!(await tf.setBackend('webgpu'))) throw new Error('The webgpu backend did not start.');
        function close(): Promise<void> {
          tf.removeBackend('webgpu');
          // An open device keeps the process alive.
          requested.destroy();
          Reflect.deleteProperty(globalThis.navigator, 'gpu');
          return Promise.resolve();
        }
        return new PortableCompute({
          name: 'webgpu',
          library,
          tf,
          transposeFirst: false,
          maxTensorBytes: Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize),
          close,
        });
      },
    };
  },
};
