/**
 * Turns an image about its centre, counter-clockwise, keeping its size.
 *
 * The value at pixel (x, y) is that of the source at the place that the turn brings there, interpolated bilinearly
 * between its four neighbours; a neighbour outside the image is the nearest pixel of its edge. Cutting the middle out
 * of a larger turned picture whose edges are repeated outwards gives the same.
 * @param source `[height, width, channels]`, from `sourceAt` on.
 * @param target the same shape, from `targetAt` on.
 * @param degrees any angle.
 */
export function rotate(
  source: Float32Array,
  sourceAt: number,
  target: Float32Array,
  targetAt: number,
  width: number,
  height: number,
  channels: number,
  degrees: number,
): void {
  const cosine = Math.cos((degrees * Math.PI) / 180);
  const sine = Math.sin((degrees * Math.PI) / 180);
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  const [lastX, lastY] = [width - 1, height - 1];
  const rowLength = width * channels;
  let at = targetAt;
  for (let y = 0; y < height; y++) {
    const startX = centreX - sine * (y - centreY) - cosine * centreX;
    const startY = centreY + cosine * (y - centreY) - sine * centreX;
    for (let x = 0; x < width; x++) {
      const turnedX = startX + cosine * x;
      const turnedY = startY + sine * x;
      // Between two neighbours that are the same edge pixel all places are alike: the nearest inside stands for them.
      const fromX = turnedX < 0 ? 0 : turnedX > lastX ? lastX : turnedX;
      const fromY = turnedY < 0 ? 0 : turnedY > lastY ? lastY : turnedY;
      // Truncation, which is the floor of what is not negative, and faster.
      const left = fromX | 0;
      const top = fromY | 0;
      const rightShare = fromX - left;
      const bottomShare = fromY - top;
      const bottomRight = rightShare * bottomShare;
      const topRight = rightShare - bottomRight;
      const bottomLeft = bottomShare - bottomRight;
      const topLeft = 1 - rightShare - bottomLeft;
      const a = sourceAt + top * rowLength + left * channels;
      const b = left < lastX ? a + channels : a;
      const toNextRow = top < lastY ? rowLength : 0;
      const [c, d] = [a + toNextRow, b + toNextRow];
      for (let channel = 0; channel < channels; channel++) {
        target[at++] =
          (source[a + channel] as number) * topLeft +
          (source[b + channel] as number) * topRight +
          (source[c + channel] as number) * bottomLeft +
          (source[d + channel] as number) * bottomRight;
      }
    }
  }
}
