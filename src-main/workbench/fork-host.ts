import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { HostedProcess, ProcessHost } from './process-host.ts';

/** Starts processes with Node's own `fork`. */
export const forkHost: ProcessHost = { start: startForked };

function startForked(entry: string): HostedProcess {
  const child = fork(entry, [], {
    serialization: 'advanced',
    env: {
      // Decoding runs on the threads of libuv, of which there are four unless more are asked for before the start.
      UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism())),
      // The C library keeps freed pixels for each thread apart, where no other thread may use them: up to 100 MB more.
      MALLOC_ARENA_MAX: '2',
      ...process.env,
    },
    // A terminal sends Ctrl-C to the whole process group; only the host may decide what it means for a run.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let exited: string | undefined;
  const listeners: ((how: string) => void)[] = [];
  function end(how: string): void {
    if (exited !== undefined) return;
    exited = how;
    for (const listener of listeners) listener(how);
  }
  child.once('error', (error) => {
    end(error.message);
  });
  child.once('exit', (code, signal) => {
    end(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
  });
  return {
    pid: child.pid,
    post(message) {
      if (!child.connected) return;
      // A process may end between the check and the write; its exit is told by the event.
      child.send(message as object, () => undefined);
    },
    onMessage(listener) {
      child.on('message', listener);
    },
    onExit(listener) {
      if (exited === undefined) listeners.push(listener);
      else listener(exited);
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
