/** Loaded into a process (`node --import`): its clock jumps an hour forward and back again, twice a second. */
const HOUR_MS = 3_600_000;
const TURN_MS = 250;

const RealDate = Date;

function jumped(): number {
  const isForward = Math.floor(performance.now() / TURN_MS) % 2 === 1;
  return RealDate.now() + (isForward ? HOUR_MS : 0);
}

class JumpingDate extends RealDate {
  constructor(...given: [] | [value: number | string | Date]) {
    super(given[0] ?? jumped());
  }
  static override now(): number {
    return jumped();
  }
}
Reflect.set(globalThis, 'Date', JumpingDate);
