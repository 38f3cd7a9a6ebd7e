/** A few letters for a long text, the same ones always: FNV-1a with 32 bits (Fowler, Noll and Vo). */
export function shortName(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash.toString(36);
}
