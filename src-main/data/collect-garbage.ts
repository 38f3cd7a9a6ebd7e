import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

const Collector = z.custom<() => void>((candidate) => typeof candidate === 'function');

let collector: (() => void) | undefined;

/**
 * Gives back at once what nothing refers to any more. Pixels lie outside of the engine's heap, so that it sees little
 * reason to by itself, however many they are.
 */
export function collectGarbage(): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc');
    collector = Collector.parse(runInNewContext('gc'));
  }
  collector();
}
