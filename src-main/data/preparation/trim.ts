import type { Pixels } from '../pixels.ts';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The part of an image that differs from its top-left pixel, in the image's own aspect ratio.
 *
 * The smallest box around all pixels with any channel other than the top-left pixel's is grown about its centre
 * along one side, to the nearest whole pixel, until it has the image's width to height ratio; where it then sticks
 * out, it is moved back inside. An image of one colour stays as it is.
 */
export function trim(image: Pixels): Pixels {
  const box = differing(image);
  if (box === undefined) return image;
  const grown = grow(box, image.width, image.height);
  return grown.width === image.width && grown.height === image.height ? image : cut(image, grown);
}

function differing({ width, height, channels, data }: Pixels): Box | undefined {
  let left = width;
  let right = -1;
  let top = height;
  let bottom = -1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      let differs = false;
      for (let channel = 0; channel < channels; channel++) {
        if (data[at + channel] !== data[channel]) differs = true;
      }
      if (!differs) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function grow(box: Box, imageWidth: number, imageHeight: number): Box {
  const tooTall = box.width * imageHeight < box.height * imageWidth;
  const width = tooTall
    ? Math.min(imageWidth, Math.round((box.height * imageWidth) / imageHeight))
    : box.width;
  const height = tooTall
    ? box.height
    : Math.min(imageHeight, Math.round((box.width * imageHeight) / imageWidth));
  return {
    left: inside(Math.floor(box.left + (box.width - width) / 2), imageWidth - width),
    top: inside(Math.floor(box.top + (box.height - height) / 2), imageHeight - height),
    width,
    height,
  };
}

function inside(position: number, most: number): number {
  return Math.max(0, Math.min(position, most));
}

function cut({ width, channels, data }: Pixels, box: Box): Pixels {
  const rowLength = box.width * channels;
  const result = new Uint8Array(rowLength * box.height);
  for (let y = 0; y < box.height; y++) {
    const from = ((box.top + y) * width + box.left) * channels;
    result.set(data.subarray(from, from + rowLength), y * rowLength);
  }
  return { width: box.width, height: box.height, channels, data: result };
}
