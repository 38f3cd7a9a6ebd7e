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
  return new Sfc32().restarted(...keys);
}

/** A generator that can be begun anew, which takes less time than making one. */
export class Sfc32 implements RandomBits {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;

  /** Begins anew: from here on it depends on these whole numbers alone. @returns itself */
  restarted(...keys: readonly number[]): this {
    let state = 0x9e3779b9;
    for (const key of keys) state = mix(state ^ mix(key | 0));
    this.a = mix((state += 0x9e3779b9));
    this.b = mix((state += 0x9e3779b9));
    this.c = mix((state += 0x9e3779b9));
    this.counter = 1;
    for (let round = 0; round < 12; round++) this.bits();
    return this;
  }

  bits(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }

  next(): number {
    return (this.bits() >>> 0) / 4294967296;
  }
}

/** The finalizer of splitmix32: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
