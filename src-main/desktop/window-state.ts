import { z } from 'zod';

/** A place on the screen, in pixels that do not depend on its density. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a window was when it was closed. */
export const WindowState = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().min(200).max(20_000),
  height: z.int().min(200).max(20_000),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

/** Pixels of a window's upper edge that have to be on a screen, so that it can be taken hold of. */
const MOST_HIDDEN = 100;

/** The size of a window, and its place where that is still on one of the screens. */
export function boundsOn(
  state: WindowState | undefined,
  screens: readonly Bounds[],
): Partial<Bounds> & { readonly width: number; readonly height: number } {
  if (state === undefined) return { width: 1280, height: 860 };
  const { x, y, width, height } = state;
  const isReachable = screens.some((screen) => {
    const shared = Math.min(x + width, screen.x + screen.width) - Math.max(x, screen.x);
    return shared >= MOST_HIDDEN && y >= screen.y && y <= screen.y + screen.height - MOST_HIDDEN;
  });
  return isReachable ? { x, y, width, height } : { width, height };
}
