import type { RungProbe, StepTime, Usable, Workload } from './rungs/rung-probe.ts';

/** Milliseconds that choosing may take, from when the first candidate is loaded. */
const BUDGET = 500;

/** One whose first measurement is so many times as long as the best is not measured any better. */
const HOPELESS = 3;

/** A rung that was looked at, and what is to be said of it. */
interface Passed {
  readonly name: string;
  readonly remark: string;
}

/** The rung that is to be taken, and why. */
export interface Chosen {
  readonly rung: RungProbe;
  readonly reason: string;
}

interface Timed extends StepTime {
  readonly rung: RungProbe;
  readonly found: Usable;
}

/**
 * The rung on which a step takes the least time. They are timed in their order, for half a second in all; where that
 * is used up, and where a rung could not be faster whatever the processor, it is left out. Of rungs of which none is
 * timed the first is taken.
 * @param now milliseconds on a clock
 */
export async function fastestRung(
  rungs: readonly RungProbe[],
  workload: Workload | undefined,
  now: () => number = () => performance.now(),
): Promise<Chosen> {
  const passed: Passed[] = [];
  const timed: Timed[] = [];
  let first: { readonly rung: RungProbe; readonly found: Usable } | null = null;
  let started: number | null = null;
  for (const rung of rungs) {
    const best = fastest(timed);
    const left = started === null ? BUDGET : BUDGET - (now() - started);
    const why = first === null || workload === undefined ? null : whyNotTimed(rung, best, left, workload);
    if (why !== null) {
      passed.push({ name: rung.name, remark: why });
      continue;
    }
    if (first !== null && workload === undefined) break;
    const found = await rung.probe(workload);
    started ??= now();
    if (!found.available) {
      passed.push({ name: rung.name, remark: found.reason });
    } else if (found.notForAuto !== null) {
      const remark = `${found.reason} It has to be named: ${found.notForAuto}.`;
      passed.push({ name: rung.name, remark });
    } else {
      first ??= { rung, found };
      if (workload === undefined) continue;
      // Half of what is left, so that something is left for those that follow.
      const share = (BUDGET - (now() - started)) / 2;
      const hopeless = HOPELESS * (best?.milliseconds ?? Infinity);
      timed.push({ rung, found, ...(await timeOn(found, workload, share, hopeless)) });
    }
  }
  if (first === null) throw new Error('Not even plain JavaScript can compute here.');
  const best = fastest(timed);
  const { rung, found } = best ?? first;
  const others = timed
    .filter((one) => one !== best)
    .map((one) => `${one.rung.name}: a step took ${shown(one)}.`);
  const sentences = [
    found.reason,
    ...(best === undefined ? [] : [`A step of this network took ${shown(best)}.`]),
    ...others,
    ...passed.map(({ name, remark }) => `${name}: ${remark}`),
  ];
  return { rung, reason: sentences.join(' ') };
}

function whyNotTimed(
  rung: RungProbe,
  best: StepTime | undefined,
  left: number,
  { stepOperations }: Workload,
): string | null {
  const least = (1000 * stepOperations) / rung.mostOperations;
  if (best !== undefined && least > best.milliseconds) {
    return `Not timed: it could do a step in no less than ${rounded(least)} ms.`;
  }
  return left > 0 ? null : 'Not timed: the half second for choosing was used up.';
}

async function timeOn(
  found: Usable,
  workload: Workload,
  budget: number,
  hopeless: number,
): Promise<StepTime> {
  const compute = await found.connect();
  try {
    return await workload.time(compute, budget, hopeless);
  } finally {
    await compute.close();
  }
}

/** The one that took least; of equals the first. */
function fastest(timed: readonly Timed[]): Timed | undefined {
  return timed.reduce<Timed | undefined>(
    (best, one) => (best === undefined || one.milliseconds < best.milliseconds ? one : best),
    undefined,
  );
}

function shown({ milliseconds, images }: StepTime): string {
  return `${rounded(milliseconds)} ms (timed with ${images} images)`;
}

function rounded(milliseconds: number): string {
  return milliseconds < 10 ? milliseconds.toPrecision(2) : milliseconds.toFixed(0);
}
