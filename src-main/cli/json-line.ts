/** A value as one line of JSON; JSON knows no NaN and no infinity: they become null. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value);
}
