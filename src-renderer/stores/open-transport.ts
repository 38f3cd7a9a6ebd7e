import type { Bridge } from '../../src-preload/contract/channels.ts';
import { bridgeTransport } from '../../src-preload/rpc/bridge-port.ts';
import type { Transport } from '../../src-preload/rpc/transport.ts';
import { webSocketTransport } from '../../src-preload/rpc/web-socket.ts';

declare global {
  interface Window {
    /** There in Layerbench's own window alone. */
    readonly layerbench?: Bridge<File>;
  }
}

/** A way to the workbench: through the window's bridge where there is one, else through the server that sent the page. */
export function openTransport(): Transport {
  if (window.layerbench !== undefined) return bridgeTransport(window.layerbench, window);
  const address = new URL('/api', window.location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  return webSocketTransport(new WebSocket(address));
}
