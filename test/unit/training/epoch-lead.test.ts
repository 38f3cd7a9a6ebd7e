import { expect, test } from 'vitest';
import { EpochLead } from '../../../src-main/training/epoch-lead.ts';

test('a training runs so far ahead of what is written down, and waits there', async () => {
  const lead = new EpochLead();
  expect(lead.mayBegin(256)).toBeUndefined();
  let begun = false;
  const room = lead.mayBegin(300)?.then(() => (begun = true));
  lead.recorded(43);
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toBe(false);
  lead.recorded(44);
  await room;
  expect(begun).toBe(true);
  expect(lead.mayBegin(301)).toBeDefined();
});

test('one that goes on counts from where it begins', () => {
  const lead = new EpochLead();
  expect(lead.mayBegin(5000, 5000)).toBeUndefined();
  expect(lead.mayBegin(5255, 5000)).toBeUndefined();
  expect(lead.mayBegin(5256, 5000)).toBeDefined();
});

test('one whose host can write nothing is held back until it can again', async () => {
  const lead = new EpochLead();
  lead.hold();
  let begun = false;
  const room = lead.mayBegin(2)?.then(() => (begun = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toBe(false);
  lead.recorded(1);
  await room;
  expect(begun).toBe(true);
  expect(lead.mayBegin(3)).toBeUndefined();
});

test('one that is to end waits for nothing', async () => {
  const lead = new EpochLead();
  lead.hold();
  const room = lead.mayBegin(2);
  lead.letGo();
  await room;
  expect(lead.mayBegin(1000)).toBeUndefined();
});
