import type { TrainingMessage } from '../../src-preload/contract/training-process.ts';

/** The way to the process that started this one. Messages are structured clones; sending never waits. */
export interface ParentPort {
  post(message: TrainingMessage): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Told when the other side is gone. */
  onClose(listener: () => void): void;
}

/** What Electron gives a utility process in place of an IPC channel. */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

/** The port of a process that was forked by Node, or started by Electron as a utility process. */
export function openParentPort(): ParentPort {
  const utility = (process as { parentPort?: UtilityPort }).parentPort;
  if (utility !== undefined) {
    return {
      post: (message) => {
        utility.postMessage(message);
      },
      onMessage: (listener) => {
        utility.on('message', ({ data }) => {
          listener(data);
        });
      },
      // Electron ends a utility process together with the one that started it.
      onClose: () => undefined,
    };
  }
  return {
    post: (message) => {
      // A parent that is gone is told of by `disconnect`.
      process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => {
      process.on('message', listener);
    },
    onClose: (listener) => {
      process.on('disconnect', listener);
    },
  };
}
