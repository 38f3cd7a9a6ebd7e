/** Says at which epochs something is kept. */
export type Schedule = (epoch: number) => boolean;

/**
 * Every epoch while a whole run of it fits into the budget, else every second, third … one, the first epoch always.
 * @param bytesPerEpoch of what is kept
 * @param budget bytes of a run
 */
export function scheduleWithin(bytesPerEpoch: number, budget: number, epochs: number): Schedule {
  const stride = strideWithin(bytesPerEpoch, budget, epochs);
  return (epoch) => (epoch - 1) % stride === 0;
}

/**
 * The same for what is kept of epochs of another schedule alone, and of the last epoch.
 * @param other bytes and budget of that schedule
 */
export function scheduleAmong(
  other: { readonly bytesPerEpoch: number; readonly budget: number },
  bytesPerEpoch: number,
  budget: number,
  epochs: number,
): Schedule {
  const step = strideWithin(other.bytesPerEpoch, other.budget, epochs);
  const stride = step * Math.ceil(strideWithin(bytesPerEpoch, budget, epochs) / step);
  return (epoch) => (epoch - 1) % stride === 0 || epoch === epochs;
}

/** Epochs from one that is kept to the next. */
function strideWithin(bytesPerEpoch: number, budget: number, epochs: number): number {
  const affordable = Math.max(1, Math.floor(budget / Math.max(1, bytesPerEpoch)));
  return Math.max(1, Math.ceil(epochs / affordable));
}
