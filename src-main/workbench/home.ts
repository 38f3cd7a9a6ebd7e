import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import envPaths from 'env-paths';
import { UserError } from '../../src-preload/contract/errors.ts';

/** Where everything that is kept lies: absolute paths, and the limit of the cache. */
export interface Home {
  readonly folder: string;
  /** The SQLite file. */
  readonly database: string;
  /** Data sets that are found by name; built-in ones are drawn here. */
  readonly datasets: string;
  /** Prepared files. */
  readonly cache: string;
  /** One folder a run: its final state, and pictures made of it. */
  readonly runs: string;
  /** The most bytes of prepared files that are kept. */
  readonly cacheMaxBytes: number;
}

/** Ten gigabytes: room for some 90,000 prepared colour images of 110×110. */
const DEFAULT_CACHE_MAX_BYTES = 10e9;

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 };

/** Milliseconds after which a data folder that does not answer is given up. */
const ANSWER_MS = 10_000;

/** Milliseconds that are left to tell so. */
const TELL_MS = 500;

/** The path of the data folder: `LAYERBENCH_HOME`, else the user's own data folder as the operating system has it. */
function homeFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const named = environment['LAYERBENCH_HOME'];
  return named === undefined || named === '' ? envPaths('layerbench', { suffix: '' }).data : resolve(named);
}

/**
 * Waits until the data folder answers, if only to say that it is not there: opening what lies on a disk of a network
 * that is away would stand still for good.
 * @throws UserError where it does not within ten seconds; the process is ended shortly after, whatever it does, since
 * it cannot end by itself while a call is stuck.
 */
export async function demandAnswer(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const folder = homeFolder(environment);
  const answer = stat(folder).then(
    () => true,
    () => true,
  );
  const patience = new AbortController();
  const silence = setTimeout(ANSWER_MS, false, { signal: patience.signal }).catch(() => false);
  const hasAnswered = await Promise.race([answer, silence]);
  patience.abort();
  if (hasAnswered) return;
  void setTimeout(TELL_MS).then(() => process.kill(process.pid, 'SIGKILL'));
  throw new UserError(silentSentence(folder));
}

function silentSentence(folder: string): string {
  return `The data folder ${folder} does not answer. Look after its disk or the network it lies on, or name another one with LAYERBENCH_HOME.`;
}

/**
 * The same for a window, which has to know its folder before it may wait for anything: a process of its own asks, so
 * that this one is never stuck. On Windows, where such a folder is given up by the system itself, nothing is asked.
 * @throws UserError where it does not answer within ten seconds.
 */
export function demandAnswerAtOnce(environment: Readonly<Record<string, string | undefined>>): void {
  if (process.platform === 'win32') return;
  const folder = homeFolder(environment);
  const asked = spawnSync('/bin/sh', ['-c', 'test -e "$1"', 'sh', folder], {
    stdio: 'ignore',
    timeout: ANSWER_MS,
    killSignal: 'SIGKILL',
  });
  if (asked.error !== undefined && 'code' in asked.error && asked.error.code === 'ETIMEDOUT')
    throw new UserError(silentSentence(folder));
}

/**
 * The data folder that the environment names, made where it is missing: `LAYERBENCH_HOME`, else the user's own data
 * folder as the operating system has it. `LAYERBENCH_CACHE_MAX` is a number of bytes, or one with KB, MB, GB or TB.
 * @throws UserError for a folder that cannot be made and for a size that is none.
 */
export function openHome(environment: Readonly<Record<string, string | undefined>>): Home {
  const folder = homeFolder(environment);
  const home: Home = {
    folder,
    database: join(folder, 'layerbench.sqlite'),
    datasets: join(folder, 'datasets'),
    cache: join(folder, 'cache'),
    runs: join(folder, 'runs'),
    cacheMaxBytes: cacheMaxBytes(environment['LAYERBENCH_CACHE_MAX']),
  };
  try {
    for (const path of [home.folder, home.datasets, home.cache, home.runs])
      mkdirSync(path, { recursive: true });
  } catch (error) {
    throw new UserError(
      `The data folder ${folder} cannot be used (${error instanceof Error ? error.message : String(error)}). Name another one with LAYERBENCH_HOME.`,
    );
  }
  return home;
}

/** Bytes that a text such as `500MB` stands for. */
export function cacheMaxBytes(text: string | undefined): number {
  if (text === undefined || text.trim() === '') return DEFAULT_CACHE_MAX_BYTES;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*$/i.exec(text);
  const bytes = match ? Number(match[1]) * (UNITS[(match[2] ?? '').toLowerCase()] ?? NaN) : NaN;
  if (!(bytes > 0)) {
    throw new UserError(
      `LAYERBENCH_CACHE_MAX=${text} is no size: give a number of bytes above 0, or one with a unit such as 500MB or 2GB.`,
    );
  }
  return bytes;
}
