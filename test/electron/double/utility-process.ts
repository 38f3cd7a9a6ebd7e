import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { UtilityProcess as RealProcess } from 'electron';
import { Emitter } from './emitter.ts';
import { FarPorts, type MessagePortMain } from './ports.ts';

/** What goes between a utility process and the main process, in both ways. */
export type UtilityMessage =
  | { readonly kind: 'parent'; readonly message: unknown; readonly ports: readonly number[] }
  | { readonly kind: 'port'; readonly port: number; readonly message: unknown }
  | { readonly kind: 'close'; readonly port: number };

const CHILD = join(import.meta.dirname, 'utility-child.ts');

/** Those that live. */
export const utilityProcesses = new Set<UtilityProcess>();

/** A real process, with Node's own way to it in the place of Electron's. */
export class UtilityProcess extends Emitter implements Pick<RealProcess, 'postMessage' | 'kill' | 'pid'> {
  readonly #child: ChildProcess;
  readonly #ports: FarPorts;

  constructor(entry: string) {
    super();
    this.#child = fork(CHILD, [entry], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    utilityProcesses.add(this);
    this.#ports = new FarPorts({
      message: (port, message) => {
        this.#send({ kind: 'port', port, message });
      },
      close: (port) => {
        this.#send({ kind: 'close', port });
      },
    });
    this.#child.on('message', (raw) => {
      const told = raw as UtilityMessage;
      if (told.kind === 'parent') this.tell('message', told.message);
      else if (told.kind === 'port') this.#ports.message(told.port, told.message);
      else this.#ports.close(told.port);
    });
    this.#child.once('exit', (code) => {
      utilityProcesses.delete(this);
      this.#ports.closeAll();
      this.tell('exit', code ?? 1);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  postMessage(message: unknown, ports: readonly unknown[] = []): void {
    const ids = ports.map((port) => this.#ports.hand(port as MessagePortMain));
    this.#send({ kind: 'parent', message, ports: ids });
  }

  kill(): boolean {
    return this.#child.kill('SIGKILL');
  }

  #send(message: UtilityMessage): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}
