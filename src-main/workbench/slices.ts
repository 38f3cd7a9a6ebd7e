/** Work that is done a slice at a time, in turns with all other such work, so that nobody has to wait for long. */
export interface SlicedWork {
  /** Says that there is something to do. */
  due(): void;
}

/** Lets whatever else has come in go first: to be waited for between two pieces of work of a few milliseconds each. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const waiting: (() => boolean)[] = [];
let isScheduled = false;

/**
 * @param slice does some of what there is, a few milliseconds of it, and says whether there is more.
 */
export function slicedWork(slice: () => boolean): SlicedWork {
  return {
    due() {
      if (!waiting.includes(slice)) waiting.push(slice);
      schedule();
    },
  };
}

/** One slice in each turn of the event loop: what else has come in between goes first. */
function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    const slice = waiting.shift();
    if (slice === undefined) return;
    try {
      if (slice()) waiting.push(slice);
    } finally {
      if (waiting.length > 0) schedule();
    }
  });
}
