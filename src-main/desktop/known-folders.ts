import { realpathSync } from 'node:fs';
import { resolve, sep } from 'node:path';
import { z } from 'zod';
import { isFolderPath, type RunConfig } from '../../src-preload/contract/config.ts';
import { UserError } from '../../src-preload/contract/errors.ts';
import type { Handlers } from '../../src-preload/rpc/server.ts';

/** Where the data set of a configuration lies, as the configuration says it. */
type Place = Pick<RunConfig, 'dataset' | 'datasetsPath'>;

const Place = z.looseObject({ dataset: z.string(), datasetsPath: z.string() }) satisfies z.ZodType<Place>;
const Configured = z.object({ config: Place.optional(), configs: z.array(Place).optional() });

/** Folders that a page may name: a page that was taken over must not read whatever it likes. */
export interface KnownFolders {
  /** Adds folders that a person has chosen in a dialog; absolute paths. */
  open(folders: readonly string[]): void;
  /** @throws UserError for a folder that neither lies in an opened one nor is the data set of a run. */
  check(place: Place): void;
}

/** @param isOfRun whether a run has its data set in the very same place. */
export function createKnownFolders(isOfRun: (place: Place) => boolean): KnownFolders {
  const opened = new Set<string>();

  function isOpened(folder: string): boolean {
    const real = realPath(folder);
    return [...opened].some((one) => isWithin(real, realPath(one)));
  }
  return {
    open(folders) {
      for (const folder of folders) opened.add(resolve(folder));
    },
    check(place) {
      const named = [
        ...(isFolderPath(place.dataset) ? [place.dataset] : []),
        ...(place.datasetsPath === '' ? [] : [place.datasetsPath]),
      ];
      const unknown = named.find((folder) => !isOpened(folder));
      if (unknown === undefined || isOfRun(place)) return;
      throw new UserError(
        `The folder ${unknown} has not been opened in this window. Choose it with the window's folder dialog, and try again.`,
      );
    },
  };
}

/** The same answers, for configurations alone whose folders are known. Folders are chosen in the dialog, not listed. */
export function onKnownFolders(handlers: Handlers, folders: KnownFolders): Handlers {
  function checkAll(params: unknown): void {
    const { config, configs = [] } = Configured.parse(params);
    for (const place of config === undefined ? configs : [config, ...configs]) folders.check(place);
  }
  const calls = Object.entries(handlers.calls).map(([name, handler]) => {
    function guarded(params: unknown, signal: AbortSignal): unknown {
      checkAll(params);
      // The parameters are those of this very handler: only who may ask has been looked at.
      return handler(params as never, signal);
    }
    return [name, guarded];
  });
  const streams = Object.entries(handlers.streams).map(([name, handler]) => {
    function guarded(params: unknown, outlet: unknown): unknown {
      checkAll(params);
      return handler(params as never, outlet as never);
    }
    return [name, guarded];
  });
  return {
    streams: Object.fromEntries(streams) as Handlers['streams'],
    calls: {
      ...(Object.fromEntries(calls) as Handlers['calls']),
      browseFolders() {
        throw new UserError("In the window folders are chosen with the system's own dialog.");
      },
    },
  };
}

/** Links followed, so that none leads out of a folder; a path that is not there stays as it is. */
function realPath(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return resolve(folder);
  }
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
