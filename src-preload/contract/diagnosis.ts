import { z } from 'zod';

/** Something that holds a run back, and what could be tried. */
export const Finding = z.object({
  id: z.enum([
    'dev-too-small',
    'broke-down',
    'bouncing-loss',
    'still-falling',
    'high-bias',
    'high-variance',
    'nothing-carries-over',
    'many-parameters',
    'drawn-differently',
    'dead-units',
    'saturated-units',
    'stopped-long-ago',
    'imbalance',
    'confused-pair',
  ]),
  severity: z.enum(['warning', 'note']),
  /** What is the matter, with the figures that it rests on. */
  sentence: z.string(),
  /** What to try next; null where there is nothing to be set. */
  advice: z.string().nullable(),
  /** Options of a run so changed, as on the command line; null where there is none. */
  options: z.array(z.string()).nullable(),
});
export type Finding = z.infer<typeof Finding>;
