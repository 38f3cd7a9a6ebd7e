import { expect, test } from 'vitest';
import { fromJson, toJson } from '../../../src-main/store/json.ts';

test('NaN and the infinities survive, however deep they lie', () => {
  const value = {
    last: { dev: { loss: NaN } },
    list: [Infinity, -Infinity, 0, -1.5],
    text: 'NaN',
    none: null,
  };
  expect(fromJson(toJson(value))).toEqual(value);
});

test('a value without them is plain JSON', () => {
  expect(toJson({ a: 1, b: [true, 'x'] })).toBe('{"a":1,"b":[true,"x"]}');
  expect(fromJson('{"a":1,"b":[true,"x"]}')).toEqual({ a: 1, b: [true, 'x'] });
});
