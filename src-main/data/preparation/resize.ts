import sharp from 'sharp';
import type { ImageSize } from '../../../src-preload/contract/config.ts';
import type { Pixels } from '../pixels.ts';

/**
 * An image stretched or shrunk to exactly this size, whatever its aspect ratio, by libvips' separable Lanczos
 * resampler (a = 3) on the 8-bit values, rounded to 8 bits. An image that has the size stays as it is.
 */
export async function resize(image: Pixels, size: ImageSize): Promise<Pixels> {
  if (image.width === size.width && image.height === size.height) return image;
  const { data, info } = await sharp(image.data, {
    raw: { width: image.width, height: image.height, channels: image.channels },
  })
    .resize(size.width, size.height, { fit: 'fill', kernel: 'lanczos3' })
    // Without this a grey image comes back as three channels.
    .toColourspace(image.channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== image.channels) throw new Error(`Resizing changed the channels to ${info.channels}.`);
  return { ...size, channels: image.channels, data };
}
