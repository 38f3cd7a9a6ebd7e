import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../../../src-preload/contract/run.ts';
import type { Compute } from '../../../../src-main/training/compute/compute.ts';
import { fastestRung } from '../../../../src-main/training/compute/fastest-rung.ts';
import { Float64Compute } from '../../../../src-main/training/compute/float64.ts';
import type { RungProbe, Workload } from '../../../../src-main/training/compute/rungs/rung-probe.ts';

/** Rungs whose steps take what they are told, on a clock that only moves by what they do. */
class Bench {
  readonly computes = new Map<Compute, BackendName>();
  readonly closed: BackendName[] = [];
  readonly timed: BackendName[] = [];
  readonly budgets: number[] = [];
  readonly hopeless: number[] = [];
  private readonly times: Partial<Record<BackendName, number>>;
  private time = 0;

  constructor(times: Partial<Record<BackendName, number>>) {
    this.times = times;
  }

  readonly now = (): number => this.time;

  readonly workload: Workload = {
    largestProduct: 1e6,
    stepOperations: 1e8,
    sparedCores: 0,
    time: (compute, budget, hopeless) => {
      const name = this.computes.get(compute) ?? 'cpu';
      this.timed.push(name);
      this.budgets.push(budget);
      this.hopeless.push(hopeless);
      this.time += budget;
      return Promise.resolve({ milliseconds: this.times[name] ?? NaN, images: 100 });
    },
  };

  rung(name: BackendName, changes: { mostOperations?: number; notForAuto?: string } = {}): RungProbe {
    return {
      name,
      mostOperations: changes.mostOperations ?? Infinity,
      probe: () =>
        Promise.resolve(
          this.times[name] === undefined
            ? { available: false, reason: `There is no ${name}.` }
            : {
                available: true,
                library: `${name} 1.0`,
                reason: `There is ${name}.`,
                notForAuto: changes.notForAuto ?? null,
                connect: () => {
                  const compute = new Float64Compute();
                  compute.close = () => {
                    this.closed.push(name);
                    return Promise.resolve();
                  };
                  this.computes.set(compute, name);
                  return Promise.resolve(compute);
                },
              },
        ),
    };
  }
}

describe('of the rungs that are there', () => {
  test('the one whose step takes least is taken, and all that was measured is told', async () => {
    const bench = new Bench({ webgpu: 4.2, native: 0.456, wasm: 31.4 });
    const rungs = (['cuda', 'webgpu', 'native', 'wasm'] as const).map((name) => bench.rung(name));
    const { rung, reason } = await fastestRung(rungs, bench.workload, bench.now);
    expect(rung.name).toBe('native');
    expect(reason).toBe(
      'There is native. A step of this network took 0.46 ms (timed with 100 images). webgpu: a step took 4.2 ms (timed with 100 images). wasm: a step took 31 ms (timed with 100 images). cuda: There is no cuda.',
    );
    expect(bench.timed).toEqual(['webgpu', 'native', 'wasm']);
    expect(bench.closed).toEqual(['webgpu', 'native', 'wasm']);
  });

  test('all are timed in half a second', async () => {
    const bench = new Bench({ webgpu: 1, native: 2, wasm: 3 });
    const rungs = (['webgpu', 'native', 'wasm'] as const).map((name) => bench.rung(name));
    await fastestRung(rungs, bench.workload, bench.now);
    // Half of what is left each time.
    expect(bench.budgets).toEqual([250, 125, 62.5]);
    // Three times the best so far.
    expect(bench.hopeless).toEqual([Infinity, 3, 3]);
  });

  test('one that could not be faster on any processor is not timed', async () => {
    const bench = new Bench({ native: 5, wasm: 1, cpu: 1 });
    // 10⁸ operations a step: 10 ms at 10¹⁰ a second, 1 ms at 10¹¹.
    const rungs = [
      bench.rung('native'),
      bench.rung('wasm', { mostOperations: 1e11 }),
      bench.rung('cpu', { mostOperations: 1e10 }),
    ];
    const { rung, reason } = await fastestRung(rungs, bench.workload, bench.now);
    expect(rung.name).toBe('wasm');
    expect(bench.timed).toEqual(['native', 'wasm']);
    expect(reason).toContain('cpu: Not timed: it could do a step in no less than 10 ms.');
  });

  test('those that come after the half second are not timed', async () => {
    const bench = new Bench({ native: 5, wasm: 1 });
    const slow: Workload = {
      ...bench.workload,
      time: async (compute, budget, hopeless) => {
        await bench.workload.time(compute, 600, hopeless);
        return await bench.workload.time(compute, budget, hopeless);
      },
    };
    const { rung, reason } = await fastestRung([bench.rung('native'), bench.rung('wasm')], slow, bench.now);
    expect(rung.name).toBe('native');
    expect(reason).toContain('wasm: Not timed: the half second for choosing was used up.');
  });

  test('one that has to be named is passed by', async () => {
    const bench = new Bench({ webgpu: 1, native: 5 });
    const webgpu = bench.rung('webgpu', { notForAuto: 'it computes on the CPU' });
    const { rung, reason } = await fastestRung([webgpu, bench.rung('native')], bench.workload, bench.now);
    expect(rung.name).toBe('native');
    expect(reason).toContain('webgpu: There is webgpu. It has to be named: it computes on the CPU.');
  });

  test('the first is taken where nobody knows what is to be computed', async () => {
    const bench = new Bench({ native: 5, wasm: 1 });
    const rungs = (['cuda', 'native', 'wasm'] as const).map((name) => bench.rung(name));
    const { rung, reason } = await fastestRung(rungs, undefined);
    expect(rung.name).toBe('native');
    expect(reason).toBe('There is native. cuda: There is no cuda.');
    expect(bench.timed).toEqual([]);
  });
});
