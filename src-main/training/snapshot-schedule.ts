/** Says at which epochs something is kept. */
export type Schedule = (epoch: number) => boolean;

/**
 * Every epoch while a whole run of it fits into the budget, else every second, third … one, the first epoch always.
 * @param bytesPerEpoch of what is kept
 * @param budget bytes of a run
 */
export function scheduleWithin(bytesPerEpoch: number, budget: number, epochs: number): Schedule {
  const affordable = Math.max(1, Math.floor(budget / Math.max(1, bytesPerEpoch)));
  const stride = Math.max(1, Math.ceil(epochs / affordable));
  return (epoch) => (epoch - 1) % stride === 0;
}
