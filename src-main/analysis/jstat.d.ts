/** What is used of jStat, which comes without types. */
declare module 'jstat' {
  interface Functions {
    studentt: {
      /** P(T ≤ x). */
      cdf(x: number, degreesOfFreedom: number): number;
      inv(probability: number, degreesOfFreedom: number): number;
    };
    normal: { inv(probability: number, mean: number, standardDeviation: number): number };
    centralF: { cdf(x: number, freedom: number, freedomWithin: number): number };
    /** The regularized incomplete beta function. */
    ibeta(x: number, a: number, b: number): number;
    /** The logarithm of the gamma function. */
    gammaln(x: number): number;
    /** The logarithm of the number of ways to choose m of n. */
    combinationln(n: number, m: number): number;
    mean(values: readonly number[]): number;
    /** @param sample divides by n − 1. */
    stdev(values: readonly number[], sample: boolean): number;
  }
  /** A CommonJS module, whose names an ES module cannot import one by one. */
  const jstat: { readonly jStat: Functions };
  export = jstat;
}
