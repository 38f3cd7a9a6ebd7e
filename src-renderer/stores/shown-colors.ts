import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { type RunLook, runLooks, SAFE_LOOKS, type ThemeName } from '../charts/palette.ts';

/**
 * The places of runs in the list of looks: those of runs that were seen before stay, unless two shown ones collide, or
 * the few that are shown could be told apart better by the first looks.
 */
export function placesOf(ids: readonly string[], known: ReadonlyMap<string, number>): Map<string, number> {
  const places = new Map<string, number>();
  const taken = new Set<number>();
  const isFew = ids.length > 1 && ids.length <= SAFE_LOOKS;
  for (const id of ids) {
    const place = known.get(id);
    if (place === undefined || taken.has(place) || (isFew && place >= SAFE_LOOKS)) continue;
    places.set(id, place);
    taken.add(place);
  }
  let next = 0;
  for (const id of ids) {
    if (places.has(id)) continue;
    while (taken.has(next)) next++;
    places.set(id, next);
    taken.add(next);
  }
  return places;
}

/** One look a run on every chart and page: it keeps what it was first seen in, as long as no other one shown has it. */
export const useShownColors = defineStore('shown-colors', () => {
  const known = shallowRef(new Map<string, number>());

  return {
    /** Looks of runs that are shown together, by id. */
    looksOf(ids: readonly string[], theme: ThemeName): Map<string, RunLook> {
      const places = placesOf(ids, known.value);
      for (const [id, place] of places) known.value.set(id, place);
      const looks = runLooks(Math.max(0, ...places.values()) + 1, theme);
      return new Map(
        [...places].flatMap(([id, place]) => (looks[place] === undefined ? [] : [[id, looks[place]]])),
      );
    },
  };
});
