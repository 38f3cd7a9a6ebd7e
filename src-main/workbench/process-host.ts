/** A process that was started: messages are structured clones, in order. */
export interface HostedProcess {
  readonly pid: number | undefined;
  /** Sends a message; one to a process that has ended is dropped, since `onExit` tells of that. */
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Told once, when the process has ended: how, in words (`exit code 1`, `signal SIGKILL`). */
  onExit(listener: (how: string) => void): void;
  /** Ends it at once. */
  kill(): void;
}

/** What can start the processes that prepare data and train: child processes here, utility processes in Electron. */
export interface ProcessHost {
  /** @param entry absolute path of the built script. */
  start(entry: string): HostedProcess;
}
