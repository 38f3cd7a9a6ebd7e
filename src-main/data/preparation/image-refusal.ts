/** An image that is not taken; its message is a whole sentence that says why. */
export class ImageRefusal extends Error {
  override readonly name = 'ImageRefusal';
}
