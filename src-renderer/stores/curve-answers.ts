import { defineStore } from 'pinia';
import type { Metric, Series } from '../../src-preload/contract/series.ts';
import { useConnection } from './connection.ts';

/** Runs whose curves one call asks for. */
const RUNS_A_CALL = 50;

/** Runs in groups, each for one call. */
export function inPieces(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / RUNS_A_CALL) }, (_, index) =>
    ids.slice(index * RUNS_A_CALL, (index + 1) * RUNS_A_CALL),
  );
}

/** Curves in pieces, all asked for at once: each can be taken while the host reads the next. */
type Answers = readonly Promise<readonly Series[]>[];

/** Asks for curves, for a page that is on its way as well: the host reads them while the page is being made. */
export const useCurveAnswers = defineStore('curve-answers', () => {
  const connection = useConnection();
  let ahead: { readonly key: string; readonly answers: Answers } | undefined;

  connection.onEvent(({ kind }) => {
    // What was asked before may lack it, and whoever takes the answer has not heard of it.
    if (kind === 'epoch' || kind === 'epochs' || kind === 'missed') ahead = undefined;
  });

  function ask(ids: readonly string[], metrics: readonly Metric[]): Answers {
    return inPieces(ids).map((runs) => connection.call('series', { runs, metrics: [...metrics] }));
  }

  return {
    /** Asks for what a page will want at once. */
    askAhead(ids: readonly string[], metrics: readonly Metric[]): void {
      const answers = ask(ids, metrics);
      // Of one that nobody takes nobody needs to hear that it failed.
      for (const answer of answers) answer.catch(() => undefined);
      ahead = { key: keyOf(ids, metrics), answers };
    },
    /** The answers, each of which may fail; those that were asked for ahead are given once. */
    answers(ids: readonly string[], metrics: readonly Metric[]): Answers {
      const before = ahead;
      ahead = undefined;
      return before?.key === keyOf(ids, metrics) ? before.answers : ask(ids, metrics);
    },
  };
});

function keyOf(ids: readonly string[], metrics: readonly Metric[]): string {
  return `${ids.join()} ${metrics.join()}`;
}
