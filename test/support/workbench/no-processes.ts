import type { HostedProcess, ProcessHost } from '../../../src-main/workbench/process-host.ts';

/** Processes that end as soon as they are asked: for tests of what stands in the store, where nothing is to be trained. */
export const noProcesses: ProcessHost = {
  start(): HostedProcess {
    const listeners: ((how: string) => void)[] = [];
    return {
      pid: undefined,
      post() {
        setImmediate(() => {
          for (const listener of listeners.splice(0)) listener('exit code 1');
        });
      },
      onMessage: () => undefined,
      onExit(listener) {
        listeners.push(listener);
      },
      kill: () => undefined,
    };
  },
};
