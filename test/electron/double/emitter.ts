import { EventEmitter } from 'node:events';

type Listener = (...given: never[]) => void;

/** Events with the face of Electron's classes: any name, and whatever its listeners take. */
export class Emitter {
  readonly #events = new EventEmitter();

  on(event: string, listener: Listener): this {
    this.#events.on(event, listener as (...given: unknown[]) => void);
    return this;
  }

  once(event: string, listener: Listener): this {
    this.#events.once(event, listener as (...given: unknown[]) => void);
    return this;
  }

  /** Tells an event of the double's own making. */
  tell(event: string, ...given: readonly unknown[]): void {
    this.#events.emit(event, ...given);
  }

  /** Tells an event that a listener may prevent. @returns whether one did. */
  ask(event: string, details: Readonly<Record<string, unknown>> = {}): boolean {
    let isPrevented = false;
    this.tell(event, {
      ...details,
      preventDefault() {
        isPrevented = true;
      },
    });
    return isPrevented;
  }

  forgetAll(): void {
    this.#events.removeAllListeners();
  }
}
