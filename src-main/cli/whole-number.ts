import { z } from 'zod';

/** A whole number of an option, as text or as the number itself; the message names what it was given and the range. */
export function wholeNumber(flag: string, min: number, max: number) {
  const said = {
    error: ({ input }: { readonly input?: unknown }) =>
      `--${flag}=${String(input)} is not possible: it takes a whole number from ${min} to ${max}.`,
  };
  return z
    .union([z.number(said), z.string(said).regex(/^\s*\d+\s*$/, said)], said)
    .transform(Number)
    .pipe(z.int(said).min(min, said).max(max, said));
}
