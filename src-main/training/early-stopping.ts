/** What early stopping knows of a run. */
export interface EarlyStopping {
  /** The epoch with the lowest dev loss, the first of equals. */
  readonly best: { readonly epoch: number; readonly loss: number } | null;
  /** The first epoch at which `patience` epochs had passed without a lower dev loss. */
  readonly stopEpoch: number | null;
}

export const beforeFirstEpoch: EarlyStopping = { best: null, stopEpoch: null };

/**
 * The rule: an epoch is better when its dev loss is lower than all before; a loss that is not a number never is.
 * @param patience epochs without a better one that are waited for
 */
export function afterEpoch(
  before: EarlyStopping,
  epoch: number,
  devLoss: number,
  patience: number,
): EarlyStopping {
  const isBetter = Number.isFinite(devLoss) && (before.best === null || devLoss < before.best.loss);
  const best = isBetter ? { epoch, loss: devLoss } : before.best;
  const waited = epoch - (best?.epoch ?? 0);
  return { best, stopEpoch: before.stopEpoch ?? (waited >= patience ? epoch : null) };
}
