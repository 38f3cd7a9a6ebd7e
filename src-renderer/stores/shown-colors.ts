import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { type RunLook, runLooks, type ThemeName } from '../charts/palette.ts';

/** Looks that differ: after so many they come again. */
const DIFFERENT_LOOKS = 35;

/** The places of runs in the list of looks: those of runs that were seen before stay, unless two shown ones collide. */
export function placesOf(ids: readonly string[], known: ReadonlyMap<string, number>): Map<string, number> {
  const places = new Map<string, number>();
  const taken = new Set<number>();
  for (const id of ids) {
    const place = known.get(id);
    if (place === undefined || taken.has(place)) continue;
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
      const most = Math.max(DIFFERENT_LOOKS, ...places.values()) + 1;
      const looks = runLooks(most, theme);
      return new Map(
        [...places].flatMap(([id, place]) => (looks[place] === undefined ? [] : [[id, looks[place]]])),
      );
    },
  };
});
