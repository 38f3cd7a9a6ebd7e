import { z } from 'zod';

/** An encoded picture (PNG), and its size as it is shown, in pixels. */
export const EncodedPicture = z.object({
  width: z.int().min(1),
  height: z.int().min(1),
  png: z.instanceof(Uint8Array),
});
export type EncodedPicture = z.infer<typeof EncodedPicture>;

/** Some images of a class, spread over its list. */
export const ClassSamples = z.object({
  className: z.string(),
  /** Paths relative to the data set's folder. */
  images: z.array(z.string()),
});
export type ClassSamples = z.infer<typeof ClassSamples>;

/** A small picture of an image as it is, or why it cannot be read. */
export const Thumbnail = z.object({
  path: z.string(),
  picture: EncodedPicture.nullable(),
  reason: z.string().nullable(),
});
export type Thumbnail = z.infer<typeof Thumbnail>;

/** An image after one step of its preparation. */
export const PreparationStep = z.object({
  name: z.enum(['decoded', 'trimmed', 'resized', 'grayscale', 'stretched', 'inverted']),
  /** Size of the image itself: what is shown of a large one is smaller. */
  width: z.int().min(1),
  height: z.int().min(1),
  channels: z.union([z.literal(1), z.literal(3)]),
  picture: EncodedPicture,
});
export type PreparationStep = z.infer<typeof PreparationStep>;

/** What becomes of an image: step by step, and then as the network sees it in some epochs. */
export const PreparationPreview = z.object({
  path: z.string(),
  steps: z.array(PreparationStep).min(1),
  augmented: z.array(EncodedPicture),
});
export type PreparationPreview = z.infer<typeof PreparationPreview>;
