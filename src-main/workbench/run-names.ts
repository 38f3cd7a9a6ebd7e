/**
 * Names of runs launched together: one that is given more than once gets `_0`, `_1` and so on, in order, passing
 * over names that are taken.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const name of names) times.set(name, (times.get(name) ?? 0) + 1);
  const taken = new Set(names.filter((name) => times.get(name) === 1));
  const next = new Map<string, number>();
  return names.map((name) => {
    if (times.get(name) === 1) return name;
    let index = next.get(name) ?? 0;
    while (taken.has(`${name}_${index}`)) index++;
    next.set(name, index + 1);
    taken.add(`${name}_${index}`);
    return `${name}_${index}`;
  });
}
