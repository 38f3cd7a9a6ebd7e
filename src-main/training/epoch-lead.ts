/** Epochs that a training may be ahead of what is written down of it. */
const MOST_AHEAD = 256;

/**
 * Holds a training back that is faster than its epochs can be written down: what is not yet written fills memory, and is
 * lost where the host dies.
 */
export class EpochLead {
  private written = 0;
  private wake: (() => void) | undefined;

  /** All epochs up to this one are written down. */
  recorded(epoch: number): void {
    this.written = Math.max(this.written, epoch);
    this.wake?.();
  }

  /** Resolves when an epoch may begin; undefined where it may at once. @param first of this training. */
  mayBegin(epoch: number, first = 1): Promise<void> | undefined {
    this.written = Math.max(this.written, first - 1);
    return epoch - this.written > MOST_AHEAD ? this.wait(epoch) : undefined;
  }

  private async wait(epoch: number): Promise<void> {
    while (epoch - this.written > MOST_AHEAD) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = undefined;
  }
}
