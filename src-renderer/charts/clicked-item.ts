/** Something drawn, as the library tells of it, and where it was clicked: pixels from the drawing's left top corner. */
export interface ClickedItem {
  readonly seriesId: string | undefined;
  readonly seriesName: string | undefined;
  readonly name: string | undefined;
  readonly value: unknown;
  readonly at: { readonly x: number; readonly y: number };
}
