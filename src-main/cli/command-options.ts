import type { z } from 'zod';
import { UserError } from '../../src-preload/contract/errors.ts';

/**
 * The options of a command as its schema has them.
 * @throws UserError with the schema's own sentences.
 */
export function checkedOptions<Options>(schema: z.ZodType<Options>, given: unknown): Options {
  const checked = schema.safeParse(given);
  if (checked.success) return checked.data;
  throw new UserError(checked.error.issues.map(({ message }) => message).join('\n'));
}
