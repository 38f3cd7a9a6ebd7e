import { execFileSync } from 'node:child_process';

/** Repeated measurements of one thing, in one unit. */
export interface Measured {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws Error for no values at all. */
export function measured(values: readonly number[]): Measured {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  const [least, most] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined || least === undefined || most === undefined)
    throw new Error('Nothing was measured.');
  return { median: (low + high) / 2, least, most };
}

/** A row of the table: what it takes us, what it takes a peer, in the same run. */
export interface Comparison {
  readonly what: string;
  readonly peer: string;
  readonly unit: string;
  readonly ours: Measured;
  readonly theirs: Measured;
  /** Ours over theirs, where less is better; theirs over ours, where more is. */
  readonly ratio: number;
  /** What the ratio should be at most; null where none is set. */
  readonly target: number | null;
}

export interface LeftOut {
  readonly what: string;
  readonly why: string;
}

export interface Report {
  readonly rows: Comparison[];
  readonly leftOut: LeftOut[];
  /** What is worth knowing beside the table. */
  readonly notes: string[];
}

export function compared(
  what: string,
  peer: string,
  unit: string,
  ours: readonly number[],
  theirs: readonly number[],
  target: number | null,
): Comparison {
  const [own, other] = [measured(ours), measured(theirs)];
  return { what, peer, unit, ours: own, theirs: other, ratio: own.median / other.median, target };
}

/** Whether a program can be run here. */
export function runs(program: string, ...options: readonly string[]): boolean {
  try {
    execFileSync(program, options, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
