import type { Transport } from '../../src-preload/rpc/transport.ts';
import { webSocketTransport } from '../../src-preload/rpc/web-socket.ts';

/** A way to the workbench: through the server that sent the page. */
export function openTransport(): Transport {
  const address = new URL('/api', window.location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  return webSocketTransport(new WebSocket(address));
}
