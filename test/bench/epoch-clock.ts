/**
 * Loaded before a benchmark's processes begin (`--import`): writes down when a training process posts that an epoch has
 * ended, as `epoch milliseconds` a line, into the file that LAYERBENCH_EPOCH_CLOCK names.
 */
import { appendFileSync } from 'node:fs';

const file = process.env['LAYERBENCH_EPOCH_CLOCK'];
const send = process.send?.bind(process);

if (file !== undefined && send !== undefined) {
  process.send = (message: unknown, ...others: never[]): boolean => {
    const epoch = epochOf(message);
    if (epoch !== undefined) appendFileSync(file, `${epoch} ${performance.timeOrigin + performance.now()}\n`);
    return send(message, ...others);
  };
}

function epochOf(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null || !('kind' in message) || !('figures' in message))
    return undefined;
  const { kind, figures } = message;
  if (kind !== 'epoch' || typeof figures !== 'object' || figures === null || !('epoch' in figures))
    return undefined;
  return typeof figures.epoch === 'number' ? figures.epoch : undefined;
}
