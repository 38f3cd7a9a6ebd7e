import { readFileSync } from 'node:fs';
import type { RunConfig } from '../../src-preload/contract/config.ts';
import { compared, type Report } from './measure.ts';
import { configOf, stageCase, TRAINING_CASES } from './training-case.ts';
import { trainOurs } from './training-run.ts';

const EPOCHS = 1000;

/** Memory of a run of the largest network at its hundredth epoch and at its thousandth. */
export async function benchMemory(report: Report, home: string): Promise<void> {
  if (process.platform !== 'linux') {
    report.leftOut.push({
      what: `memory over ${EPOCHS} epochs`,
      why: 'It is read from /proc, which is not here.',
    });
    return;
  }
  const largest = TRAINING_CASES.find(({ side, batch }) => side === 110 && batch === Infinity);
  if (largest === undefined) throw new Error('The case is not there.');
  const { preparedFile } = await stageCase(largest, home);
  const config: RunConfig = { ...configOf(largest), nbrEpochs: EPOCHS };
  const [early, late]: [number[], number[]] = [[], []];
  const { peakBytes } = await trainOurs(config, preparedFile, (epoch, pid) => {
    if (epoch >= 100 && epoch < 110) early.push(residentMegabytes(pid));
    if (epoch > EPOCHS - 10) late.push(residentMegabytes(pid));
  });
  report.rows.push(
    compared(
      `memory, ${largest.name}, last of ${EPOCHS} epochs`,
      'the same at epoch 100',
      'MB',
      late,
      early,
      1.05,
    ),
  );
  report.notes.push(
    `memory over ${EPOCHS} epochs: peak ${Math.round(peakBytes / 1e6)} MB (500 at most are wanted)`,
  );
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}
