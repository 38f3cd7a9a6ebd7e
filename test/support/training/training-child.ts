import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TrainingMessage, type TrainingRequest } from '../../../src-preload/contract/training-process.ts';

const ENTRY = fileURLToPath(new URL('../../../src-main/training/process.ts', import.meta.url));

type Kind = TrainingMessage['kind'];
type Message<One extends Kind> = Extract<TrainingMessage, { kind: One }>;

/** A real training process, and all that it has said. */
export interface TrainingChild {
  readonly pid: number;
  readonly messages: TrainingMessage[];
  /** What it wrote to its standard output and error. */
  output(): string;
  send(request: TrainingRequest | { readonly kind: string }): void;
  /** The next message of one of these kinds; fails when the process ends before. */
  next<One extends Kind>(...kinds: One[]): Promise<Message<One>>;
  /** Lets go of it, as a host that ends does, and gives its exit code. */
  disconnect(): Promise<number | null>;
  kill(): void;
}

/**
 * @param env added to the environment
 * @param leadsSession whether it gets a session of its own, as the product's host gives it
 */
export function startTrainingChild(env: NodeJS.ProcessEnv = {}, leadsSession = false): TrainingChild {
  const child: ChildProcess = fork(ENTRY, [], {
    serialization: 'advanced',
    silent: true,
    detached: leadsSession,
    env: { ...process.env, ...env },
  });
  const messages: TrainingMessage[] = [];
  const waiting = new Set<() => void>();
  let written = '';
  let handed = 0;
  child.stdout?.on('data', (text) => (written += String(text)));
  child.stderr?.on('data', (text) => (written += String(text)));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  let hasExited = false;
  function wake(): void {
    for (const look of [...waiting]) look();
  }
  child.on('message', (raw) => {
    const message = TrainingMessage.parse(raw);
    messages.push(message);
    if (message.kind === 'epoch' && child.connected)
      // It may be on its way out: then nobody waits for this.
      child.send(
        { kind: 'recorded', epoch: message.figures.epoch } satisfies TrainingRequest,
        () => undefined,
      );
    wake();
  });
  void exited.then(() => {
    hasExited = true;
    wake();
  });
  return {
    pid: child.pid ?? 0,
    messages,
    output: () => written,
    send: (request) => {
      child.send(request);
    },
    next: (...kinds) =>
      new Promise((resolve, reject) => {
        function look(): void {
          while (handed < messages.length) {
            const message = messages[handed++];
            if (message !== undefined && isOf(message, kinds)) {
              waiting.delete(look);
              resolve(message);
              return;
            }
          }
          if (hasExited) {
            waiting.delete(look);
            reject(new Error(`The process ended without ${kinds.join(' or ')}: ${written}`));
          }
        }
        waiting.add(look);
        look();
      }),
    disconnect: () => {
      child.disconnect();
      return exited;
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

function isOf<One extends Kind>(message: TrainingMessage, kinds: readonly One[]): message is Message<One> {
  return kinds.some((kind) => kind === message.kind);
}
