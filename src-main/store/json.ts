/**
 * JSON that keeps NaN and the infinities, which a loss can be: `{"$number": "NaN"}` stands for one.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { $number: String(part) } : part,
  );
}

/** The value of a text by `toJson`. To be checked by a schema. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && '$number' in part ? Number(part.$number) : part,
  );
}
