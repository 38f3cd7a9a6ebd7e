import type { Pixels } from '../pixels.ts';

/**
 * Each channel v stretched to `255 × (v − min) / (max − min)` with its own minimum and maximum over the image,
 * rounded to the nearest whole number, halves up. A flat channel stays as it is.
 */
export function minmaxNormalize(image: Pixels): Pixels {
  const { channels, data } = image;
  const result = Uint8Array.from(data);
  for (let channel = 0; channel < channels; channel++) {
    let least = 255;
    let most = 0;
    for (let at = channel; at < data.length; at += channels) {
      const value = data[at] ?? 0;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (most === least) continue;
    const stretched = Uint8Array.from({ length: 256 }, (_, value) =>
      Math.max(0, Math.min(255, Math.round((255 * (value - least)) / (most - least)))),
    );
    for (let at = channel; at < data.length; at += channels) result[at] = stretched[data[at] ?? 0] ?? 0;
  }
  return { ...image, data: result };
}
