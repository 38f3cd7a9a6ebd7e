import type { MessagePort } from 'node:worker_threads';
import type { PagePort } from '../../../src-preload/rpc/message-port.ts';

/** A port of Node as that of a page: the same but for its types. */
export function pagePort(port: MessagePort): PagePort {
  return {
    postMessage(message) {
      port.postMessage(message);
    },
    start() {
      port.start();
    },
    close() {
      port.close();
    },
    addEventListener(type: string, listener: (event: { readonly data: unknown }) => void) {
      port.addEventListener(type, (event) => {
        listener({ data: 'data' in event ? event.data : undefined });
      });
    },
  };
}
