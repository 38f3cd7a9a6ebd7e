import type { RunConfig } from '../../../src-preload/contract/config.ts';
import { UserError } from '../../../src-preload/contract/errors.ts';
import type { BackendInfo } from '../../../src-preload/contract/run.ts';
import type { Rung } from '../../../src-preload/contract/training-process.ts';
import type { Compute } from './compute.ts';
import { fastestRung } from './fastest-rung.ts';
import { cpu } from './rungs/cpu.ts';
import type { RungProbe, Usable, Workload } from './rungs/rung-probe.ts';
import { cuda, native } from './rungs/tensorflow.ts';
import { wasm } from './rungs/wasm.ts';
import { webgpu } from './rungs/webgpu.ts';

export type { StepTime, Workload } from './rungs/rung-probe.ts';
export { tfjsVersion } from './rungs/tfjs-packages.ts';

/** All rungs, the best first. */
const RUNGS: readonly RungProbe[] = [cuda, webgpu, native, wasm, cpu];

/** A compute that is ready, and why it was taken. */
export interface Selection {
  readonly compute: Compute;
  readonly backend: BackendInfo;
}

/** Every rung with the reason why it can or cannot be used. Loads the libraries of all of them. */
export async function ladder(): Promise<Rung[]> {
  const rungs: Rung[] = [];
  for (const rung of RUNGS) {
    const found = await rung.probe();
    rungs.push(
      found.available
        ? {
            name: rung.name,
            available: true,
            library: found.library,
            reason: sentence(found),
            notForAuto: found.notForAuto,
          }
        : { name: rung.name, available: false, library: null, reason: found.reason, notForAuto: null },
    );
  }
  return rungs;
}

/**
 * The compute that a run asks for: by name, or the one that is fastest at what is to be computed; where that is not
 * known, the first rung of the ladder that is there. `auto` passes by a WebGPU that computes on the CPU.
 * @param workload what is going to be computed: the library is loaded accordingly
 * @throws UserError where a rung is named that cannot be used: nothing else is taken in its place.
 */
export async function selectCompute(wanted: RunConfig['backend'], workload?: Workload): Promise<Selection> {
  return wanted === 'auto' ? await bestCompute(workload) : await namedCompute(wanted, workload);
}

async function bestCompute(workload: Workload | undefined): Promise<Selection> {
  const { rung, reason } = await fastestRung(RUNGS, workload);
  // Probed again: what was timed meanwhile may have taken its place, and a device can be had only once.
  const found = await rung.probe(workload);
  if (!found.available) throw new Error(`${rung.name} was there a moment ago: ${found.reason}`);
  return await connected(rung, found, reason);
}

async function namedCompute(name: BackendInfo['name'], workload: Workload | undefined): Promise<Selection> {
  const rung = RUNGS.find((one) => one.name === name);
  const found = await rung?.probe(workload);
  if (rung !== undefined && found?.available === true) {
    return await connected(rung, found, `Asked for by name. ${found.reason}`);
  }
  const others = await ladder();
  const names = others.filter((one) => one.available).map((one) => one.name);
  throw new UserError(
    `--backend=${name} cannot be used. ${found?.reason ?? ''} Take one of those that can: ${names.join(', ')}, or auto.`,
  );
}

async function connected(rung: RungProbe, found: Usable, reason: string): Promise<Selection> {
  const compute = await found.connect();
  return { compute, backend: { name: rung.name, library: found.library, reason } };
}

function sentence(found: Usable): string {
  return found.notForAuto === null
    ? found.reason
    : `${found.reason} It has to be named: ${found.notForAuto}.`;
}
