/** Epochs that a training may be ahead of what is written down of it. */
const MOST_AHEAD = 256;

/**
 * Holds a training back that is faster than its epochs can be written down, or whose host can write nothing for a
 * while: what is not yet written fills memory, and is lost where the host dies.
 */
export class EpochLead {
  private written = 0;
  private isHeld = false;
  private isOver = false;
  private wake: (() => void) | undefined;

  /** All epochs up to this one are written down. */
  recorded(epoch: number): void {
    this.written = Math.max(this.written, epoch);
    this.isHeld = false;
    this.wake?.();
  }

  /** No further epoch begins until something is written down again. */
  hold(): void {
    this.isHeld = true;
  }

  /** Holds nothing back any more: the training is to end. */
  letGo(): void {
    this.isOver = true;
    this.wake?.();
  }

  /** Resolves when an epoch may begin; undefined where it may at once. @param first of this training. */
  mayBegin(epoch: number, first = 1): Promise<void> | undefined {
    this.written = Math.max(this.written, first - 1);
    return this.isTooSoon(epoch) ? this.wait(epoch) : undefined;
  }

  private isTooSoon(epoch: number): boolean {
    return !this.isOver && (this.isHeld || epoch - this.written > MOST_AHEAD);
  }

  private async wait(epoch: number): Promise<void> {
    while (this.isTooSoon(epoch)) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.wake = undefined;
  }
}
