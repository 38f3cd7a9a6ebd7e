import { z } from 'zod';

/** What the window's main process tells its host. */
export const HostRequest = z.discriminatedUnion('kind', [
  /** Brings a page's port. The one that the same page had before is closed. */
  z.object({ kind: z.literal('page'), page: z.int() }),
  /** Every folder that a person has chosen in a dialog, ever. */
  z.object({ kind: z.literal('folders'), folders: z.array(z.string()) }),
  /** End tidily: runs stop at their next batch and keep what they have. */
  z.object({ kind: z.literal('end') }),
]);
export type HostRequest = z.infer<typeof HostRequest>;

/** What the host tells. */
export const HostReport = z.discriminatedUnion('kind', [
  /** How many runs are under way or wait for their turn. */
  z.object({ kind: z.literal('working'), runs: z.int().min(0) }),
  /** The folders that it was told of last may be named from now on. */
  z.object({ kind: z.literal('opened') }),
  /** It cannot begin, for a reason that its reader can mend. It ends now. */
  z.object({ kind: z.literal('refused'), message: z.string() }),
]);
export type HostReport = z.infer<typeof HostReport>;
