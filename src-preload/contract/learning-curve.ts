import type { RunConfig } from './config.ts';

/** How many images a share leaves of a class: `round(images × share)`, at least one of any. */
export function imagesOfShare(images: number, share: number): number {
  return images === 0 ? 0 : Math.min(images, Math.max(1, Math.round(images * share)));
}

/** Shares of the training images, each half of the next: `[0.25, 0.5, 1]` for three. */
export function learningCurveShares(sizes: number): number[] {
  return Array.from({ length: sizes }, (_, index) => 2 ** (index + 1 - sizes));
}

/** The runs of a learning curve over so many sizes of the training set, each with so many seeds, the same for each. */
export function learningCurveRuns(
  config: RunConfig,
  name: string,
  { sizes, seeds }: { readonly sizes: number; readonly seeds: number },
): RunConfig[] {
  return learningCurveShares(sizes).flatMap((share) =>
    Array.from({ length: seeds }, (_, seed) => ({
      ...config,
      trainingShare: share,
      expId:
        share === 1
          ? name
          : `${name} with ${Number((100 * share).toPrecision(3))} % of the images`.slice(0, 200),
      modelSeed: config.modelSeed + seed,
    })),
  );
}
