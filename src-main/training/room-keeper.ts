/** Asks whoever started this process to free space on the disk that states are kept on. */
export class RoomKeeper {
  private waiting: ((bytes: number) => void)[] = [];
  private readonly ask: () => void;

  constructor(ask: () => void) {
    this.ask = ask;
  }

  /** Resolves with the bytes that were freed: 0 where there is nothing that could be done without. */
  free(): Promise<number> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.ask();
    });
  }

  /** So many bytes were freed, by the answer to what was asked. */
  freed(bytes: number): void {
    this.waiting.shift()?.(bytes);
  }
}
