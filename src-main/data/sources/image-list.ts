import type { UnreadableImage } from '../../../src-preload/contract/dataset.ts';

/** A file that should be an image. */
export interface ListedImage {
  /** Relative to the data set's folder, with `/`: `3/3_0001.png`. */
  readonly path: string;
  /** Index of its class. */
  readonly label: number;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** A data set as its folder lists it: classes in natural order, images by class, then in natural order. */
export interface ImageList {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly builtIn: boolean;
  readonly classes: readonly string[];
  readonly images: readonly ListedImage[];
  /** What has the name of an image and is none, as far as that can be seen without reading it. */
  readonly unreadable: readonly UnreadableImage[];
}
