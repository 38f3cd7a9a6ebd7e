import { expect, test } from 'vitest';
import { studentT975 } from '../../../../src-renderer/charts/student-t.ts';

// R: qt(0.975, df)
test.each([
  [1, 12.7062],
  [2, 4.3027],
  [4, 2.7764],
  [9, 2.2622],
  [30, 2.0423],
  [1000, 1.9623],
])('with %i degrees of freedom it is %d', (degrees, value) => {
  expect(studentT975(degrees)).toBeCloseTo(value, 2);
});
