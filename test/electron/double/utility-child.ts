/** Gives a process that Node forked what Electron gives a utility process, and runs its entry. */
import { pathToFileURL } from 'node:url';
import type { ParentPort as RealPort } from 'electron';
import { Emitter } from './emitter.ts';
import { MessageChannelMain, type MessagePortMain } from './ports.ts';
import type { UtilityMessage } from './utility-process.ts';

function send(message: UtilityMessage): void {
  process.send?.(message, undefined, undefined, () => undefined);
}

const ports = new Map<number, MessagePortMain>();

/** The end of a port that this process has been handed. */
function arrived(id: number): MessagePortMain {
  const { port1, port2 } = new MessageChannelMain();
  ports.set(id, port1);
  port1.on('message', ({ data }: { readonly data: unknown }) => {
    send({ kind: 'port', port: id, message: data });
  });
  port1.once('close', () => {
    if (ports.delete(id)) send({ kind: 'close', port: id });
  });
  port1.start();
  return port2;
}

class ParentPort extends Emitter implements Pick<RealPort, 'postMessage'> {
  readonly #waiting: unknown[] = [];
  #isHeard = false;

  override on(event: string, listener: (...given: never[]) => void): this {
    super.on(event, listener);
    this.#isHeard = true;
    for (const message of this.#waiting.splice(0)) this.tell('message', message);
    return this;
  }

  postMessage(message: unknown): void {
    send({ kind: 'parent', message, ports: [] });
  }

  receive(message: unknown): void {
    if (this.#isHeard) this.tell('message', message);
    else this.#waiting.push(message);
  }
}

const parentPort = new ParentPort();
Object.assign(process, { parentPort });
process.on('message', (raw) => {
  const told = raw as UtilityMessage;
  if (told.kind === 'parent') parentPort.receive({ data: told.message, ports: told.ports.map(arrived) });
  else if (told.kind === 'port') ports.get(told.port)?.postMessage(told.message);
  else {
    const port = ports.get(told.port);
    ports.delete(told.port);
    port?.close();
  }
});
process.on('disconnect', () => {
  process.exit();
});

const [, , entry = ''] = process.argv;
await import(pathToFileURL(entry).href);
