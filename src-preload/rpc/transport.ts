import { z } from 'zod';
import { ErrorRecord } from '../contract/errors.ts';

/** What a client asks. Leaving a stream and giving up a call are one act: its entry is disposed of. */
export const ClientMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: z.int().min(0), name: z.string(), params: z.unknown().optional() }),
  z.object({
    kind: z.literal('follow'),
    id: z.int().min(0),
    name: z.string(),
    params: z.unknown().optional(),
  }),
  z.object({ kind: z.literal('dispose'), id: z.int().min(0) }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** What a server answers; after a `result` or an `error` nothing more comes of that id. */
export const ServerMessage = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('result'), id: z.int(), result: z.unknown().optional() }),
  /** What a stream brings, in order: what comes together is carried together. */
  z.object({ kind: z.literal('items'), id: z.int(), items: z.array(z.unknown()) }),
  z.object({ kind: z.literal('error'), id: z.int(), error: ErrorRecord }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** A way to the other side that keeps the order of messages. What it carries are structured clones. */
export interface Transport {
  /** @throws Error for what cannot be carried. Once the way is closed nothing is sent, and nothing thrown. */
  send(message: ClientMessage | ServerMessage): void;
  /** Whether the other side is behind: whoever can wait with more should. */
  isBusy(): boolean;
  /** For one listener. What cannot be read at all closes the way. */
  onMessage(listener: (message: unknown) => void): void;
  /** Told once, when nothing can be sent or will come any more; at once where that is so already. */
  onClose(listener: () => void): void;
  close(): void;
}
