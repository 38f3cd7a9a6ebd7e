/**
 * The modules of Electron that a sandboxed bridge has. This file goes into the page as a script, together with
 * `structured-text.ts` and the built bridge.
 */
import { fromText, toText } from './structured-text.ts';

declare global {
  interface Window {
    /** Carries a message to the main process and its answer back, both as text. */
    toElectron(text: string): Promise<string>;
    /** Where files lie that a test drops on the page, by name. */
    paths?: ReadonlyMap<string, string>;
    /** Takes a message of the main process. */
    fromElectron(text: string): void;
  }
}

type Listener = (event: { readonly ports: readonly MessagePort[] }, message: unknown) => void;

/** What the main process tells a page. */
export type ToPage =
  | {
      readonly kind: 'message';
      readonly channel: string;
      readonly message: unknown;
      readonly ports: number[];
    }
  | { readonly kind: 'port'; readonly port: number; readonly message: unknown }
  | { readonly kind: 'close'; readonly port: number };

/** What a page tells the main process. */
export type FromPage =
  | { readonly kind: 'send' | 'invoke'; readonly channel: string; readonly given: readonly unknown[] }
  | { readonly kind: 'port'; readonly port: number; readonly message: unknown }
  | { readonly kind: 'close'; readonly port: number };

/** What `require` gives a bridge. @throws Error for what a sandboxed one may not have. */
export function rendererRequire(): (name: string) => unknown {
  const listeners = new Map<string, Listener[]>();
  const ports = new Map<number, MessagePort>();
  const toElectron = window.toElectron.bind(window);

  async function tell(message: FromPage): Promise<unknown> {
    return fromText(await toElectron(toText(message)));
  }
  function arrived(id: number): MessagePort {
    const { port1, port2 } = new MessageChannel();
    ports.set(id, port1);
    port1.addEventListener('message', ({ data }) => {
      void tell({ kind: 'port', port: id, message: data });
    });
    port1.addEventListener('close', () => {
      ports.delete(id);
      void tell({ kind: 'close', port: id });
    });
    port1.start();
    return port2;
  }
  window.fromElectron = (text) => {
    const told = fromText(text) as ToPage;
    if (told.kind === 'port') ports.get(told.port)?.postMessage(told.message);
    else if (told.kind === 'close') ports.get(told.port)?.close();
    else {
      const event = { ports: told.ports.map(arrived) };
      for (const listener of listeners.get(told.channel) ?? []) listener(event, told.message);
    }
  };

  const electron = {
    contextBridge: {
      exposeInMainWorld(name: string, api: Readonly<Record<string, unknown>>) {
        Object.defineProperty(window, name, { value: Object.freeze({ ...api }), enumerable: true });
      },
    },
    webUtils: {
      /** Of a file that a test has brought from a disk, its path; of one that a page made, nothing. */
      getPathForFile: (file: File) => window.paths?.get(file.name) ?? '',
    },
    ipcRenderer: {
      on(channel: string, listener: Listener) {
        listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      },
      send(channel: string, ...given: unknown[]) {
        void tell({ kind: 'send', channel, given });
      },
      invoke: (channel: string, ...given: unknown[]) => tell({ kind: 'invoke', channel, given }),
    },
  };
  return (name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return electron;
  };
}
