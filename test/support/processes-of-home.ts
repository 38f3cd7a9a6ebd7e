import { readdirSync, readFileSync } from 'node:fs';

/** A living process that works on a data folder, and the program that it runs. */
export interface HomeProcess {
  readonly pid: number;
  /** The last part of its script's path: `cli.js`, `training-process.js`, `data-process.js`. */
  readonly program: string;
}

/** Living processes whose environment names a data folder; on Linux alone, where `/proc` tells. */
export function processesOfHome(home: string): HomeProcess[] {
  return readdirSync('/proc').flatMap((name): HomeProcess[] => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, 'latin1').split('\0');
      if (!environment.includes(`LAYERBENCH_HOME=${home}`)) return [];
      const words = readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0');
      const script = words.find((word) => word.endsWith('.js')) ?? '';
      return [{ pid: Number(name), program: script.split('/').at(-1) ?? '' }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}
