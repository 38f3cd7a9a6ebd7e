import { distance } from 'fastest-levenshtein';

/** The known word that a mistyped one most likely means; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const wanted = word.toLowerCase();
  const ranked = known
    .map((one) => ({ one, letters: lettersBetween(wanted, one.toLowerCase()) }))
    .filter(({ one, letters }) => letters <= Math.max(2, Math.floor(Math.max(word.length, one.length) / 3)))
    .sort((first, second) => first.letters - second.letters);
  return ranked[0]?.one;
}

/** Letters that differ; words of one that are all in the other are near, however long the rest: `lr` is not. */
function lettersBetween(wanted: string, one: string): number {
  const words = wanted.split('-');
  const isPart = wanted.length >= 4 && words.every((word) => one.split('-').includes(word));
  return isPart ? Math.min(2, distance(wanted, one)) : distance(wanted, one);
}
