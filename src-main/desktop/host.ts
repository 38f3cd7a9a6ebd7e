import { MessageChannelMain, type UtilityProcess, utilityProcess, type WebFrameMain } from 'electron';
import { HAND_PORT } from '../../src-preload/contract/channels.ts';
import { HostReport, type HostRequest } from './host-messages.ts';

/** Milliseconds that runs have to end tidily; a batch takes far less. */
const END_MS = 30_000;

/** The workbench behind the windows, in a process of its own. It starts with the first page. */
export interface Host {
  /** Hands a page a port to the workbench. One to a host that has died starts it again. */
  connect(page: number, frame: WebFrameMain): void;
  /** Tells it of all folders that were ever chosen; resolves when pages may name them. */
  openFolders(folders: readonly string[]): Promise<void>;
  /** Runs that are under way or wait. */
  working(): number;
  /** Ends it tidily; resolves when it has ended. */
  end(): Promise<void>;
}

/** What a host is started with. */
export interface HostOptions {
  /** Absolute path of the built script. */
  readonly entry: string;
  /** Folders that a page may name. */
  readonly folders: () => readonly string[];
  /** Told whenever more or fewer runs are under way or wait. */
  readonly onWorking: (runs: number) => void;
  /** Told why it cannot begin, in a sentence for people. */
  readonly onRefused: (message: string) => void;
  /** Told that it died; the next page to ask for a port starts it again. */
  readonly onDeath: () => void;
}

export function createHost(options: HostOptions): Host {
  let child: UtilityProcess | undefined;
  let runs = 0;
  let isEnding = false;
  /** What waits for the host to know its folders, in the order in which it is told of them. */
  const opening: (() => void)[] = [];

  function setRuns(count: number): void {
    if (runs === count) return;
    runs = count;
    options.onWorking(count);
  }

  function start(): UtilityProcess {
    const started = utilityProcess.fork(options.entry, [], { serviceName: 'Layerbench host' });
    let isRefused = false;
    started.on('message', (raw: unknown) => {
      const report = HostReport.parse(raw);
      if (report.kind === 'working') {
        setRuns(report.runs);
        return;
      }
      if (report.kind === 'opened') {
        opening.shift()?.();
        return;
      }
      isRefused = true;
      options.onRefused(report.message);
    });
    started.once('exit', () => {
      if (child === started) child = undefined;
      // The next one is told of all folders before anything else.
      for (const resolve of opening.splice(0)) resolve();
      if (isEnding || isRefused) return;
      options.onDeath();
      // Its runs died with it; whoever sees them first marks them as interrupted.
      setRuns(0);
    });
    void openOn(started, options.folders());
    return started;
  }

  function openOn(host: UtilityProcess, folders: readonly string[]): Promise<void> {
    send(host, { kind: 'folders', folders: [...folders] });
    return new Promise((resolve) => opening.push(resolve));
  }

  return {
    connect(page, frame) {
      const { port1, port2 } = new MessageChannelMain();
      if (isEnding) {
        port1.close();
      } else {
        child ??= start();
        child.postMessage({ kind: 'page', page } satisfies HostRequest, [port1]);
      }
      frame.postMessage(HAND_PORT, null, [port2]);
    },
    async openFolders(folders) {
      if (child !== undefined) await openOn(child, folders);
    },
    working: () => runs,
    async end() {
      isEnding = true;
      const ending = child;
      if (ending === undefined) return;
      const exited = new Promise((resolve) => ending.once('exit', resolve));
      send(ending, { kind: 'end' });
      const limit = setTimeout(() => ending.kill(), END_MS);
      await exited;
      clearTimeout(limit);
    },
  };
}

function send(child: UtilityProcess, request: HostRequest): void {
  child.postMessage(request);
}
