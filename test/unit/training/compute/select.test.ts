import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../../src-preload/contract/errors.ts';
import { ladder, selectCompute, tfjsVersion } from '../../../../src-main/training/compute/select.ts';

import { workloadOf } from '../../../../src-main/training/step-trial.ts';
import { smallConfig, smallSet, trainSmall } from '../../../support/training/small-set.ts';

// With a Vulkan driver that computes on the CPU in reach, so that there is something to pass by.
const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
if (existsSync(SWIFTSHADER)) {
  process.env['VK_DRIVER_FILES'] = SWIFTSHADER;
  process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
}

const rungs = await ladder();

describe('the ladder', () => {
  test('has every rung, the best first, each with a sentence', () => {
    expect(rungs.map((rung) => rung.name)).toEqual(['cuda', 'webgpu', 'native', 'wasm', 'cpu']);
    for (const { reason, available, library } of rungs) {
      expect(reason).toMatch(/^[A-Z].*\.$/i);
      expect(library !== null).toBe(available);
    }
  });

  test('always has wasm and cpu', () => {
    const always = rungs.filter((rung) => ['wasm', 'cpu'].includes(rung.name));
    expect(always.map((rung) => rung.available)).toEqual([true, true]);
    expect(always.map((rung) => rung.library)).toEqual([
      `tfjs-backend-wasm ${tfjsVersion()} with SIMD`,
      `tfjs-backend-cpu ${tfjsVersion()}`,
    ]);
  });

  test('names the library of the native rung by its version', () => {
    const native = rungs.find((rung) => rung.name === 'native');
    if (native?.available === true) expect(native.library).toMatch(/^libtensorflow \d+\.\d+\.\d+/);
    else expect(native?.reason).toContain('libtensorflow');
  });
});

describe('choosing', () => {
  test('auto takes the best rung that does not compute on the CPU in the guise of a GPU, and tells why none above', async () => {
    const usable = rungs.filter(
      (rung) => rung.available && !/swiftshader|llvmpipe/i.test(rung.library ?? ''),
    );
    const { backend, compute } = await selectCompute('auto');
    expect(backend.name).toBe(usable[0]?.name);
    expect(backend.library).toBe(usable[0]?.library);
    for (const { name } of rungs.slice(
      0,
      rungs.findIndex((rung) => rung.name === backend.name),
    )) {
      expect(backend.reason).toContain(`${name}: `);
    }
    const tensor = compute.upload(Float32Array.of(1, 2), [2]);
    expect(await compute.read([compute.multiply(tensor, tensor)])).toEqual([Float32Array.of(1, 4)]);
    await compute.close();
  });

  test('auto times this network, and tells what a step took', async () => {
    const workload = workloadOf(smallConfig(), smallSet());
    const { backend, compute } = await selectCompute('auto', workload);
    expect(backend.reason).toMatch(/A step of this network took [\d.]+ ms \(timed with 23 images\)\./);
    for (const { name, available } of rungs) {
      if (name !== backend.name) expect(backend.reason).toContain(`${name}: `);
      if (name === backend.name) expect(available).toBe(true);
    }
    const { epochs } = await trainSmall(compute, smallConfig());
    // As on every backend.
    expect(epochs[4]?.training.loss).toBeCloseTo(0.318788, 4);
    await compute.close();
  });

  test('a rung that is named and cannot be used is an error that says why, and which can', async (context) => {
    const absent = rungs.find((rung) => !rung.available);
    if (absent === undefined) return context.skip('every rung is there');
    const refused = selectCompute(absent.name);
    await expect(refused).rejects.toThrow(UserError);
    await expect(refused).rejects.toThrow(`--backend=${absent.name} cannot be used. ${absent.reason}`);
    const names = rungs.filter((rung) => rung.available).map((rung) => rung.name);
    await expect(refused).rejects.toThrow(`Take one of those that can: ${names.join(', ')}, or auto.`);
  });
});
