import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoredRun, storeRuns } from '../store/stored-runs.ts';
import { type Door, openPageSession, type PageSession } from './page-session.ts';

/** A door on a data folder of its own that holds runs which have finished. */
export interface StoredSession extends PageSession {
  readonly home: string;
}

/** Opens it. Closing it removes the folder. */
export async function openStoredSession(door: Door, runs: readonly StoredRun[]): Promise<StoredSession> {
  const home = mkdtempSync(join(tmpdir(), 'layerbench-page-'));
  storeRuns(home, runs);
  const session = await openPageSession(home, door);
  return {
    ...session,
    home,
    async close() {
      await session.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Runs of ten epochs whose figures differ: dev accuracy rises to what is said. */
export function plainRuns(accuracies: Readonly<Record<string, number>>): StoredRun[] {
  return Object.entries(accuracies).map(([name, accuracy], index) => ({
    id: `run${index}`,
    name,
    // Different experiments: the same one with the same seed is one run.
    config: { layers: [4 + index] },
    epochs: Array.from({ length: 10 }, (_, at) => {
      const now = (accuracy * (at + 1)) / 10;
      return {
        training: { loss: 1.5 - now, accuracy: now },
        dev: { loss: 2 - 2 * now, accuracy: now },
      };
    }),
    changes: { classes: ['round', 'square'] },
    snapshots: (epoch) =>
      (['training', 'dev'] as const).map((part) => ({
        kind: 'confusion' as const,
        epoch,
        part,
        classes: 2,
        counts: Uint32Array.of(10 + epoch, 3, 5, 12),
      })),
  }));
}
