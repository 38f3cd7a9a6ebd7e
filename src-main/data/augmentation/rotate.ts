/** Where a turned image's pixels come from: at (x, y), from `x + cosine · x − sine · y` and so on. */
export interface Turn {
  readonly cosine: number;
  readonly sine: number;
  /** The place in the source of the pixel at (0, 0). */
  readonly originX: number;
  readonly originY: number;
}

/** A turn about the centre, counter-clockwise, in numbers of single precision. @param degrees any angle. */
export function turnOf(degrees: number, width: number, height: number): Turn {
  const cosine = Math.cos((degrees * Math.PI) / 180);
  const sine = Math.sin((degrees * Math.PI) / 180);
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  return {
    cosine: Math.fround(cosine),
    sine: Math.fround(sine),
    originX: Math.fround(centreX - cosine * centreX + sine * centreY),
    originY: Math.fround(centreY - sine * centreX - cosine * centreY),
  };
}

/**
 * Turns an image, keeping its size.
 *
 * The value at pixel (x, y) is that of the source at the place that the turn brings there, interpolated bilinearly
 * between its four neighbours; a neighbour outside the image is the nearest pixel of its edge. Cutting the middle out
 * of a larger turned picture whose edges are repeated outwards gives the same.
 *
 * This says what turning is; where the machine has vector instructions, `kernel.ts` does the same: all steps are of
 * single precision and in the order given here, so that it gives the very same bits.
 * @param source `[height, width, channels]`
 * @param target the same shape, from `targetAt` on.
 */
export function rotate(
  source: Float32Array,
  target: Float32Array,
  targetAt: number,
  width: number,
  height: number,
  channels: number,
  turn: Turn,
): void {
  const { fround } = Math;
  const { cosine, sine, originX, originY } = turn;
  const [lastX, lastY] = [width - 1, height - 1];
  const rowLength = width * channels;
  let at = targetAt;
  for (let y = 0; y < height; y++) {
    const startX = fround(originX - fround(sine * y));
    const startY = fround(originY + fround(cosine * y));
    for (let x = 0; x < width; x++) {
      const turnedX = fround(startX + fround(cosine * x));
      const turnedY = fround(startY + fround(sine * x));
      // Between two neighbours that are the same edge pixel all places are alike: the nearest inside stands for them.
      const fromX = turnedX < 0 ? 0 : turnedX > lastX ? lastX : turnedX;
      const fromY = turnedY < 0 ? 0 : turnedY > lastY ? lastY : turnedY;
      // Truncation, which is the floor of what is not negative, and faster.
      const left = fromX | 0;
      const top = fromY | 0;
      const rightShare = fround(fromX - left);
      const bottomShare = fround(fromY - top);
      const a = top * rowLength + left * channels;
      const b = left < lastX ? a + channels : a;
      const toNextRow = top < lastY ? rowLength : 0;
      for (let channel = 0; channel < channels; channel++) {
        const own = source[a + channel] ?? 0;
        const below = source[a + toNextRow + channel] ?? 0;
        const toRight = fround((source[b + channel] ?? 0) - own);
        const down = fround(below - own);
        const both = fround(fround((source[b + toNextRow + channel] ?? 0) - below) - toRight);
        const upper = fround(own + fround(rightShare * toRight));
        const change = fround(down + fround(rightShare * both));
        target[at++] = fround(upper + fround(bottomShare * change));
      }
    }
  }
}
