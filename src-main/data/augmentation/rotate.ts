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
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const fromX = centreX + cosine * (x - centreX) - sine * (y - centreY);
      const fromY = centreY + sine * (x - centreX) + cosine * (y - centreY);
      const left = Math.floor(fromX);
      const top = Math.floor(fromY);
      const rightShare = fromX - left;
      const bottomShare = fromY - top;
      const x0 = left < 0 ? 0 : left >= width ? width - 1 : left;
      const x1 = left + 1 < 0 ? 0 : left + 1 >= width ? width - 1 : left + 1;
      const y0 = top < 0 ? 0 : top >= height ? height - 1 : top;
      const y1 = top + 1 < 0 ? 0 : top + 1 >= height ? height - 1 : top + 1;
      const topLeft = sourceAt + (y0 * width + x0) * channels;
      const topRight = sourceAt + (y0 * width + x1) * channels;
      const bottomLeft = sourceAt + (y1 * width + x0) * channels;
      const bottomRight = sourceAt + (y1 * width + x1) * channels;
      const at = targetAt + (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel++) {
        const upper =
          (source[topLeft + channel] ?? 0) * (1 - rightShare) +
          (source[topRight + channel] ?? 0) * rightShare;
        const lower =
          (source[bottomLeft + channel] ?? 0) * (1 - rightShare) +
          (source[bottomRight + channel] ?? 0) * rightShare;
        target[at + channel] = upper * (1 - bottomShare) + lower * bottomShare;
      }
    }
  }
}
