import { z } from 'zod';
import { apiHandlers } from '../workbench/api-handlers.ts';
import { startServer } from '../server/main.ts';
import type { Workbench } from '../workbench/workbench.ts';
import { checkedOptions } from './command-options.ts';
import type { Context } from './context.ts';
import { onInterruption } from './interruption.ts';
import { withWorkbench } from './open-workbench.ts';
import { wholeNumber } from './whole-number.ts';

/** The port that is taken where it is free, so that the page can be found again. */
const USUAL_PORT = 7470;

const Options = z.object({
  port: wholeNumber('port', 0, 65_535).optional(),
  host: z.string().min(1, '--host takes an address of this machine, such as 127.0.0.1.').default('127.0.0.1'),
  open: z.boolean().default(false),
});

/** `layerbench serve`: serves the workbench to browsers until it is interrupted. */
export async function servePage(given: unknown, context: Context): Promise<void> {
  const { port, host, open } = checkedOptions(Options, given);
  const { terminal, page } = context;
  async function serve(workbench: Workbench): Promise<void> {
    const ending = new AbortController();
    const interruption = onInterruption({
      tidy: () => {
        terminal.err.line('Ending; runs that are under way keep what they have. Ctrl-C again ends at once.');
        ending.abort();
      },
      atOnce: () => {
        workbench.kill();
      },
    });
    const server = await startServer({
      folder: page,
      handlers: apiHandlers(workbench),
      host,
      port: port ?? USUAL_PORT,
      orAnother: port === undefined,
      onFailure: (error) => {
        terminal.err.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
      },
    });
    try {
      terminal.out.line(`Layerbench is at ${server.link}`);
      if (server.isExposed) {
        terminal.err.line(
          `Whoever can reach this machine on port ${server.port} and has that link can train on it, see, change and remove its runs, list every folder that you can list, and look at every image that you can read; nothing on the way is encrypted.`,
        );
      }
      terminal.err.line('Ctrl-C ends it.');
      if (open) await openInBrowser(server.link, context);
      await untilAborted(ending.signal);
    } finally {
      await server.close();
    }
    interruption.close();
  }
  await withWorkbench(context, serve, { takesUpQueued: true });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
    if (signal.aborted) resolve();
  });
}

async function openInBrowser(link: string, { terminal }: Context): Promise<void> {
  try {
    const { default: openLink } = await import('open');
    const opener = await openLink(link);
    opener.on('error', () => {
      terminal.err.line('No browser could be opened; open the link yourself.');
    });
  } catch {
    terminal.err.line('No browser could be opened; open the link yourself.');
  }
}
