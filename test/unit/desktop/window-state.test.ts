import { expect, test } from 'vitest';
import { boundsOn, WindowState } from '../../../src-main/desktop/window-state.ts';

const SCREENS = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 200, width: 1280, height: 800 },
];

function state(x: number, y: number): WindowState {
  return { x, y, width: 900, height: 700, isMaximized: false };
}

test.each([
  ['on the first screen', 100, 50],
  ['on the second', 2000, 300],
  ['across both', 1700, 250],
  ['partly beyond the left edge', -700, 0],
])('a window that was %s comes back there', (_where, x, y) => {
  expect(boundsOn(state(x, y), SCREENS)).toEqual({ x, y, width: 900, height: 700 });
});

test.each([
  ['on a screen that is gone', 4000, 300],
  ['almost beyond the left edge', -850, 0],
  ['above every screen', 100, -40],
  ['below every screen', 100, 1000],
])('a window that was %s keeps its size alone', (_where, x, y) => {
  expect(boundsOn(state(x, y), SCREENS)).toEqual({ width: 900, height: 700 });
});

test('the first window has the usual size', () => {
  expect(boundsOn(undefined, SCREENS)).toEqual({ width: 1280, height: 860 });
});

test.each([{ ...state(0, 0), width: 0 }, { ...state(0, 0), x: 'left' }, {}, null])(
  'what is no state of a window is not taken for one: %j',
  (read) => {
    expect(WindowState.safeParse(read).success).toBe(false);
  },
);
