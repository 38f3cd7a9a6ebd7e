import { expect, test } from 'vitest';
import { RunRecord } from '../../../src-preload/contract/run.ts';
import { command, jsonLines } from '../../support/command.ts';
import { NO_MEMORY_GROUP, withMemory } from '../../support/memory-group.ts';
import { processesOfHome } from '../../support/processes-of-home.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

if (NO_MEMORY_GROUP !== undefined) console.log(`skipped: ${NO_MEMORY_GROUP}`);

const TRAIN = ['train', '--dataset=colors', '--backend=native', '--display-samples=0', '--json'];

test('a training that can never fit is refused before it starts, with the figures', async () => {
  const home = temporaryFolder();
  const { code, out, err } = await command([...TRAIN, '--layers=100000,100000', '--resize=110,110'], {
    home,
  });
  expect(code).toBe(2);
  const [run] = jsonLines(out).map((line) => RunRecord.parse(line));
  expect(run).toMatchObject({ status: 'failed', epochs: 0, backend: null });
  expect(run?.reason).toMatch(
    /^This training cannot fit: it needs [\d.,]+ [GTP]B of memory at least, of [\d.,]+ GB that there are; its [\d,]+ parameters alone take/,
  );
  expect(err).not.toMatch(/\n {4}at /);
});

test.skipIf(NO_MEMORY_GROUP !== undefined)(
  'where less memory may be had than the machine has, that is what counts',
  async () => {
    const home = temporaryFolder();
    // 36,300·2,000 weights with gradients and two of Adam's numbers each are 1.2 GB.
    const { out } = await command([...TRAIN, '--layers=2000', '--resize=110,110'], {
      home,
      before: withMemory(900e6),
    });
    const [run] = jsonLines(out).map((line) => RunRecord.parse(line));
    expect(run?.reason).toMatch(
      /^This training cannot fit: it needs 1\.2 GB .* of 900\.0 MB that there are;/,
    );
  },
  120_000,
);

test.skipIf(NO_MEMORY_GROUP !== undefined)(
  'a training that the system ends because memory ran out says so, and one that somebody kills does not',
  async () => {
    // 36,300·850 weights are at least 500 MB of the 640 MB, which hold the program and its library as well.
    const { out } = await command([...TRAIN, '--layers=850', '--resize=110,110', '--nbr-epochs=50'], {
      home: temporaryFolder(),
      before: withMemory(640e6),
    });
    const [run] = jsonLines(out).map((line) => RunRecord.parse(line));
    expect(run?.status).toBe('interrupted');
    expect(run?.reason).toMatch(/^Its training process was ended by the system because memory ran out/);

    const home = temporaryFolder();
    const killed = await command([...TRAIN, '--layers=4', '--resize=8,8', '--nbr-epochs=1000000'], {
      home,
      before: withMemory(2e9),
      onError(text) {
        if (!/epoch +\d+\//.test(text)) return;
        for (const { pid, program } of processesOfHome(home))
          if (program === 'training-process.js') process.kill(pid, 'SIGKILL');
      },
    });
    const [other] = jsonLines(killed.out).map((line) => RunRecord.parse(line));
    expect(other?.reason).toBe('Its training process was ended from outside (signal SIGKILL).');
  },
  300_000,
);
