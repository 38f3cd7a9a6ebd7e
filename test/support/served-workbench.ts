import { WebSocket } from 'ws';
import { type Client, createClient } from '../../src-preload/rpc/client.ts';
import { webSocketTransport } from '../../src-preload/rpc/web-socket.ts';
import { type ServedPage, servePage } from './page/serve-page.ts';

/** A host in a process of its own, and a client that talks to it as a page does. */
export interface ServedWorkbench {
  readonly served: ServedPage;
  readonly client: Client;
  /** A further client, as another window is one. */
  connect(): Promise<{ readonly client: Client; readonly socket: WebSocket }>;
  close(): Promise<void>;
}

/**
 * Starts `layerbench serve` on a data folder.
 * @param environment beside that of this process.
 * @param options of the command.
 */
export async function serveWorkbench(
  home: string,
  environment: NodeJS.ProcessEnv = {},
  options: readonly string[] = [],
): Promise<ServedWorkbench> {
  const served = await servePage(home, environment, options);
  const link = new URL(served.link);
  const answer = await fetch(link, { redirect: 'manual' });
  const cookie = String(answer.headers.get('set-cookie')).split(';')[0] ?? '';

  async function connect(): Promise<{ client: Client; socket: WebSocket }> {
    const socket = new WebSocket(`ws://${link.host}/api`, { headers: { cookie, origin: link.origin } });
    const client = createClient(webSocketTransport(socket));
    await client.call('about', {});
    return { client, socket };
  }
  const { client } = await connect();
  return {
    served,
    client,
    connect,
    async close() {
      client.close();
      await served.close();
    },
  };
}
