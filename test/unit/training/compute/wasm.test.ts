import { describe } from 'vitest';
import { describeAgreement, useBackend } from '../../../support/training/compute-agreement.ts';
import { testRepetition, testSmallNetworks } from '../../../support/training/small-networks.ts';

const backend = useBackend('wasm');

describeAgreement('wasm', backend);

describe('a small network on wasm', () => {
  testSmallNetworks(backend, 4);
  testRepetition(backend);
});
