import { z } from 'zod';

/** A whole number of an option, as text or as the number itself; the message names the option and the range. */
export function wholeNumber(flag: string, min: number, max: number) {
  const message = `--${flag} takes a whole number from ${min} to ${max}.`;
  return z
    .union([z.number(), z.string().regex(/^\s*\d+\s*$/, message)], message)
    .transform(Number)
    .pipe(z.int(message).min(min, message).max(max, message));
}
