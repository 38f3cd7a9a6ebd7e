/** What is used here of opentype.js 2. It has no types of its own, and those published for it bring a page with them. */
declare module 'opentype.js' {
  export interface Glyph {
    /** 0 where the font has not the letter. */
    readonly index: number;
    /** In units of the font. */
    readonly advanceWidth?: number;
  }

  export interface Font {
    readonly unitsPerEm: number;
    charToGlyph(letter: string): Glyph;
    /** 0 where the font has not the letter. */
    charToGlyphIndex(letter: string): number;
  }

  /** The font in the bytes of a TrueType or OpenType file. Throws for others. */
  export function parse(bytes: ArrayBuffer): Font;
}
