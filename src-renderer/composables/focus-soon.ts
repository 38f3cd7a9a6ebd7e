/** A field or list of the component library. */
export interface Focusable {
  readonly focus: () => void;
  readonly $el: unknown;
}

/** Frames that a layer has to get its place. */
const MOST_FRAMES = 60;

/** Gives the focus to something in a layer that is being opened: it takes none before the layer has its place. */
export function focusSoon(find: () => Focusable | null, frames = MOST_FRAMES): void {
  requestAnimationFrame(() => {
    const found = find();
    found?.focus();
    const has = found?.$el instanceof Element && found.$el.contains(document.activeElement);
    if (!has && frames > 0) focusSoon(find, frames - 1);
  });
}
