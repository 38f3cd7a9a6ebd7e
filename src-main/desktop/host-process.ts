/** The host of a window's pages: the workbench, in a process of its own, so that no reading holds the window up. */
import { join } from 'node:path';
import type {} from 'electron';
import packageFile from '../../package.json' with { type: 'json' };
import { UserError } from '../../src-preload/contract/errors.ts';
import { messagePortTransport } from '../../src-preload/rpc/message-port.ts';
import { serve } from '../../src-preload/rpc/server.ts';
import type { Transport } from '../../src-preload/rpc/transport.ts';
import { apiHandlers } from '../workbench/api-handlers.ts';
import { forkHost } from '../workbench/fork-host.ts';
import { demandAnswerAtOnce, openHome } from '../workbench/home.ts';
import { openWorkbench, type Workbench } from '../workbench/workbench.ts';
import { type HostReport, HostRequest } from './host-messages.ts';
import { createKnownFolders, onKnownFolders } from './known-folders.ts';

const port = process.parentPort;
const pages = new Map<number, Transport>();

function report(message: HostReport): void {
  port.postMessage(message);
}

function log(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}

/** Undefined where it cannot be opened, which is told. */
function open(): Workbench | undefined {
  try {
    demandAnswerAtOnce(process.env);
    return openWorkbench({
      home: openHome(process.env),
      host: forkHost,
      entries: {
        data: join(import.meta.dirname, 'data-process.js'),
        training: join(import.meta.dirname, 'training-process.js'),
        logKeeper: join(import.meta.dirname, 'log-keeper-worker.js'),
        curveReader: join(import.meta.dirname, 'curve-reader-worker.js'),
      },
      appVersion: packageFile.version,
      takesUpQueued: true,
      onFailure: log,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    report({ kind: 'refused', message: error.message });
    return undefined;
  }
}

function answerWith(workbench: Workbench): void {
  let told = 0;
  function tellWorking(): void {
    const { working, waiting } = workbench.queue();
    const runs = working.length + waiting.length;
    if (runs === told) return;
    told = runs;
    report({ kind: 'working', runs });
  }
  // What queues a run, and what ends one, has its event before the queue knows.
  workbench.listen(({ kind }) => {
    if (kind === 'queued' || kind === 'ended') setImmediate(tellWorking);
  });

  const folders = createKnownFolders(({ dataset, datasetsPath }) =>
    workbench.runs({ dataset }).some(({ config }) => config.datasetsPath === datasetsPath),
  );
  const handlers = onKnownFolders(apiHandlers(workbench), folders);

  port.on('message', ({ data, ports: [pagePort] }) => {
    const request = HostRequest.parse(data);
    switch (request.kind) {
      case 'folders':
        folders.open(request.folders);
        report({ kind: 'opened' });
        return;
      case 'page': {
        pages.get(request.page)?.close();
        if (pagePort === undefined) return;
        const transport = messagePortTransport(pagePort);
        pages.set(request.page, transport);
        serve(transport, handlers, { onFailure: log });
        return;
      }
      case 'end':
        void end(workbench);
    }
  });
}

async function end(workbench: Workbench): Promise<void> {
  try {
    await workbench.close();
  } catch (error) {
    log(error);
  }
  process.exit(0);
}

const workbench = open();
if (workbench !== undefined) answerWith(workbench);
