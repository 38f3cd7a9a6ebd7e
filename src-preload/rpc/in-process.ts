import type { Transport } from './transport.ts';

interface Side {
  readonly transport: Transport;
  receive(message: unknown): void;
  end(): void;
}

/** Two ends of one way within a process; what is sent at one of them comes to the other as a structured clone. */
export function transportPair(): readonly [Transport, Transport] {
  const first = createSide(() => second);
  const second = createSide(() => first);
  return [first.transport, second.transport];
}

function createSide(other: () => Side): Side {
  const waiting: unknown[] = [];
  const closeListeners: (() => void)[] = [];
  let messageListener: ((message: unknown) => void) | undefined;
  let closed = false;

  function deliver(): void {
    while (messageListener !== undefined && waiting.length > 0) messageListener(waiting.shift());
  }
  function end(): void {
    if (closed) return;
    closed = true;
    waiting.length = 0;
    for (const listener of closeListeners) listener();
  }

  return {
    transport: {
      send(message) {
        if (closed) return;
        const copy: unknown = structuredClone(message);
        queueMicrotask(() => {
          other().receive(copy);
        });
      },
      isBusy: () => false,
      onMessage(listener) {
        messageListener = listener;
        deliver();
      },
      onClose(listener) {
        if (closed) listener();
        else closeListeners.push(listener);
      },
      close() {
        end();
        queueMicrotask(() => {
          other().end();
        });
      },
    },
    receive(message) {
      if (closed) return;
      waiting.push(message);
      deliver();
    },
    end,
  };
}
