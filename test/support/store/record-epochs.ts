/**
 * Run as a process of its own: claims the run named second in the store named first and records epoch after epoch, each
 * reported on a line of standard output once the store has it, until the process is killed.
 */
import { writeSync } from 'node:fs';
import { openStore } from '../../../src-main/store/store.ts';
import { epochFigures, ownerNamed } from './run-records.ts';

const [file = '', id = ''] = process.argv.slice(2);
const store = openStore(file);
const owner = ownerNamed('writer');
store.claim(id, owner);
const queued = store.find(id);
for (let epoch = 1; ; epoch++) {
  const figures = epochFigures(epoch);
  const last = { epoch, training: figures.training, dev: figures.dev };
  store.recordEpochs({ ...queued, status: 'running', epochs: epoch, last }, owner, [
    { figures: figures, snapshots: [] },
  ]);
  writeSync(1, `${epoch}\n`);
}
