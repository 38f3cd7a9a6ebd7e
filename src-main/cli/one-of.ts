import { z } from 'zod';

/** One word of those that an option takes; the message names what it was given, and all of them. */
export function oneOf<const Words extends readonly [string, ...string[]]>(flag: string, words: Words) {
  return z.enum(words, {
    error: ({ input }) => `--${flag}=${String(input)} is not possible: it takes one of ${words.join(', ')}.`,
  });
}
