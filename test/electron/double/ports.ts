import type { MessagePortMain as RealPort } from 'electron';
import { Emitter } from './emitter.ts';

/** Half of a channel; messages wait until it is started. */
export class MessagePortMain extends Emitter implements Pick<RealPort, 'postMessage' | 'start' | 'close'> {
  #other: MessagePortMain | undefined;
  #waiting: unknown[] = [];
  #isStarted = false;
  #isClosed = false;

  /** Joins two halves. */
  static join(first: MessagePortMain, second: MessagePortMain): void {
    first.#other = second;
    second.#other = first;
  }

  postMessage(message: unknown): void {
    if (this.#isClosed) return;
    const copy = structuredClone(message);
    const other = this.#other;
    setImmediate(() => {
      if (other !== undefined) other.#receive(copy);
    });
  }

  start(): void {
    this.#isStarted = true;
    for (const data of this.#waiting.splice(0)) this.tell('message', { data, ports: [] });
  }

  close(): void {
    this.#end();
    const other = this.#other;
    setImmediate(() => {
      if (other !== undefined) other.#end();
    });
  }

  #receive(data: unknown): void {
    if (this.#isClosed) return;
    if (this.#isStarted) this.tell('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.tell('close');
  }
}

/** Two halves of a channel. */
export class MessageChannelMain {
  readonly port1 = new MessagePortMain();
  readonly port2 = new MessagePortMain();

  constructor() {
    MessagePortMain.join(this.port1, this.port2);
  }
}

/** Where a port goes that is handed to another process: the ports that are there, by number. */
export class FarPorts {
  readonly #ports = new Map<number, MessagePortMain>();
  readonly #far: { message(port: number, message: unknown): void; close(port: number): void };
  #next = 0;

  constructor(far: { message(port: number, message: unknown): void; close(port: number): void }) {
    this.#far = far;
  }

  /** Hands a port over: the other process has it from now on. @returns its number. */
  hand(port: MessagePortMain): number {
    const id = this.#next++;
    this.#ports.set(id, port);
    port.on('message', ({ data }: { readonly data: unknown }) => {
      this.#far.message(id, data);
    });
    port.once('close', () => {
      if (this.#ports.delete(id)) this.#far.close(id);
    });
    port.start();
    return id;
  }

  /** A message that the other process posted on a port of its own. */
  message(id: number, message: unknown): void {
    this.#ports.get(id)?.postMessage(message);
  }

  close(id: number): void {
    const port = this.#ports.get(id);
    this.#ports.delete(id);
    port?.close();
  }

  closeAll(): void {
    for (const id of [...this.#ports.keys()]) this.close(id);
  }
}
