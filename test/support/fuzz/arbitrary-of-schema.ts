import fc from 'fast-check';
import type { z } from 'zod';

/**
 * Values that a schema of the contract may take, as its form tells: many of them are let pass, others are just outside
 * of what is allowed. Of a form that is not known here anything comes.
 */
export function arbitraryOfSchema(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = schema._zod as unknown as { readonly def: Definition };
  switch (def.type) {
    case 'object': {
      const shape = def.shape ?? {};
      return fc.record(
        Object.fromEntries(Object.entries(shape).map(([key, own]) => [key, arbitraryOfSchema(own)])),
      );
    }
    case 'string':
      return fc.oneof(
        fc.string({ maxLength: 60 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        AWKWARD_TEXT,
      );
    case 'number':
      return fc.oneof(fc.integer({ min: -2, max: 20 }), fc.integer(), fc.double());
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return def.element === undefined
        ? fc.array(fc.anything())
        : fc.array(arbitraryOfSchema(def.element), { maxLength: 4 });
    case 'tuple':
      return fc.tuple(...(def.items ?? []).map(arbitraryOfSchema));
    case 'optional':
    case 'default':
      return def.innerType === undefined
        ? fc.anything()
        : fc.option(arbitraryOfSchema(def.innerType), { nil: undefined });
    case 'nullable':
      return def.innerType === undefined ? fc.anything() : fc.option(arbitraryOfSchema(def.innerType));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries ?? { none: 'none' }));
    case 'literal':
      return fc.constantFrom(...(def.values ?? [null]));
    case 'union':
      return fc.oneof(...(def.options ?? []).map(arbitraryOfSchema));
    case 'pipe':
      return def.in === undefined ? fc.anything() : arbitraryOfSchema(def.in);
    default:
      return fc.anything();
  }
}

/** What of a definition of zod is used here. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly items?: readonly z.core.$ZodType[];
  readonly innerType?: z.core.$ZodType;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
  readonly options?: readonly z.core.$ZodType[];
  readonly in?: z.core.$ZodType;
}

/** Texts that have broken programs before. */
export const AWKWARD_TEXT = fc.constantFrom(
  '',
  ' ',
  '.',
  '..',
  '../../../etc/passwd',
  '/etc',
  '\\\\server\\share',
  'C:\\',
  'NaN',
  '-0',
  '1e999',
  '__proto__',
  'constructor',
  'toString',
  "'; DROP TABLE runs; --",
  '%00',
  '\u0000',
  '\u202Egnp.exe',
  '\ud800',
  '<img src=x onerror=alert(1)>',
  '${7*7}',
  '$(id)',
  '|id',
  'a'.repeat(5000),
  'last',
  'main',
);

/** A value with something else in the place of one of its parts, however deep. */
export function broken(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(values, fc.anything({ withBigInt: false, withMap: false, withSet: false }), fc.nat())
    .map(([value, other, place]) => replaced(value, other, place));
}

function replaced(value: unknown, other: unknown, place: number): unknown {
  if (typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[place % (keys.length + 1)];
  if (key === undefined) return other;
  const own: unknown = (value as Record<string, unknown>)[key];
  const next = replaced(own, other, Math.floor(place / (keys.length + 1)));
  if (Array.isArray(value)) return value.map((one: unknown, index) => (String(index) === key ? next : one));
  return { ...value, [key]: next };
}
