import type { ImageMoments } from '../../src-preload/contract/run.ts';

/**
 * What images look like, in three figures each of 0..1: how bright they are (mean), how much contrast they have
 * (standard deviation), and how much detail (mean difference of pixels beside one another); mean and standard
 * deviation of each over the images.
 * @param pixels `[count, height, width, channels]`, 0..255
 */
export function imageMoments(
  pixels: Uint8Array,
  [height, width, channels]: readonly [number, number, number],
): ImageMoments {
  const size = height * width * channels;
  const count = Math.floor(pixels.length / size);
  const each = { brightness: [] as number[], contrast: [] as number[], detail: [] as number[] };
  for (let image = 0; image < count; image++) {
    const from = image * size;
    let [sum, squares, steps] = [0, 0, 0];
    for (let at = 0; at < size; at++) {
      const value = pixels[from + at] ?? 0;
      sum += value;
      squares += value * value;
      if (at % (width * channels) >= channels) steps += Math.abs(value - (pixels[from + at - channels] ?? 0));
    }
    const mean = sum / size;
    each.brightness.push(mean / 255);
    each.contrast.push(Math.sqrt(Math.max(0, squares / size - mean * mean)) / 255);
    each.detail.push(width < 2 ? 0 : steps / (height * (width - 1) * channels) / 255);
  }
  return {
    images: count,
    brightness: momentsOf(each.brightness),
    contrast: momentsOf(each.contrast),
    detail: momentsOf(each.detail),
  };
}

function momentsOf(values: readonly number[]): { readonly mean: number; readonly sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}
