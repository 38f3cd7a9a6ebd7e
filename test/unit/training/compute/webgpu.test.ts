import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { describeAgreement, useBackend } from '../../../support/training/compute-agreement.ts';
import {
  SMALL_NETWORKS,
  testRepetition,
  testSmallNetworks,
} from '../../../support/training/small-networks.ts';

// Chromium brings a Vulkan driver that computes on the CPU: slow, and right.
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (process.env['VK_DRIVER_FILES'] === undefined && existsSync(SWIFTSHADER)) {
  process.env['VK_DRIVER_FILES'] = SWIFTSHADER;
  process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
}

const backend = useBackend('webgpu');

describeAgreement('webgpu', backend);

describe('a small network on webgpu', () => {
  // A step takes this driver a quarter of a second: those with one minibatch an epoch are enough.
  testSmallNetworks(
    backend,
    4,
    SMALL_NETWORKS.filter(({ config }) => config.maxMinibatchSize > 23),
  );
  testRepetition(backend, { maxMinibatchSize: 23, layers: [6], nbrEpochs: 2 });
});
