/**
 * A small seeded generator of 32 bits: sfc32 (Chris Doty-Humphrey, PractRand), seeded through splitmix32. One is made
 * for every image of every epoch, so making it must cost next to nothing.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}

/** One whose bits can be had as well. */
export interface RandomBits extends Random {
  /** 32 random bits, as a whole number from −2³¹ to 2³¹ − 1. */
  bits(): number;
}

/** A generator that depends on all of these whole numbers, and on nothing else. */
export function randomOf(...keys: readonly number[]): RandomBits {
  let state = 0x9e3779b9;
  for (const key of keys) state = mix(state ^ mix(key | 0));
  let a = mix((state += 0x9e3779b9));
  let b = mix((state += 0x9e3779b9));
  let c = mix((state += 0x9e3779b9));
  let counter = 1;
  function bits(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum;
  }
  for (let round = 0; round < 12; round++) bits();
  return { bits, next: () => (bits() >>> 0) / 4294967296 };
}

/** The finalizer of splitmix32: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
