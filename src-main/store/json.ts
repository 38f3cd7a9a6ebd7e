/** The key of the object that stands for a number JSON has no word for. */
const MARK = '$number';

/** JSON that keeps NaN and the infinities, which a loss can be: `{"$number":"NaN"}` stands for one. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { [MARK]: String(part) } : part,
  );
}

/** The value of a text by `toJson`. To be checked by a schema. */
export function fromJson(text: string): unknown {
  // A reviver visits every value, at several times the cost of parsing; few texts need it.
  if (!text.includes(`"${MARK}"`)) return JSON.parse(text);
  return JSON.parse(text, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && MARK in part ? Number(part[MARK]) : part,
  );
}
