import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { extname, join } from 'node:path';
import { commandLine, type RunConfig } from '../../src-preload/contract/config.ts';
import { diskFault, diskFaultWords } from '../../src-preload/contract/disk-fault.ts';
import { schemaSentence, toErrorRecord, UserError } from '../../src-preload/contract/errors.ts';
import type { NetworkDescription } from '../../src-preload/contract/training-process.ts';
import { TrainingRequest } from '../../src-preload/contract/training-process.ts';
import { PreparedGone, readPrepared, readPreparedFoot } from '../data/prepared.ts';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { ladder, selectCompute, tfjsVersion } from './compute/select.ts';
import { EpochLead } from './epoch-lead.ts';
import { checkMemory, memoryLimit, memoryNeed } from './memory-need.ts';
import { describeNetwork, networkDefinition } from './network/network.ts';
import { openParentPort } from './parent-port.ts';
import { RoomKeeper } from './room-keeper.ts';
import { workloadOf } from './step-trial.ts';
import { withTrainingShare } from './training-share.ts';
import { trackedUnits } from './tracked-units.ts';
import { Trainer } from './trainer.ts';

type Request<Kind extends TrainingRequest['kind']> = Extract<TrainingRequest, { kind: Kind }>;

/** Lies beside this program, built or not. */
const AUGMENTATION_WORKER = join(import.meta.dirname, `augmentation-worker${extname(import.meta.filename)}`);

const port = openParentPort();
const loadedAt = performance.now();
let isTraining = false;
let isStopRequested = false;
const lead = new EpochLead();
const room = new RoomKeeper(() => {
  port.post({ kind: 'full' });
});

/** What a configuration would train, with all that can be wrong with it for this shape of image. */
function describe({ config, inputShape, classes }: Request<'describe'>): NetworkDescription {
  const definition = networkDefinition(config, inputShape, classes);
  const description = describeNetwork(definition);
  checkMemory(memoryNeed(config, definition, { training: 0, all: 0 }), memoryLimit(), description.parameters);
  trackedUnits(config.trackLayer, description, inputShape);
  return description;
}

async function answer(request: Request<'describe' | 'ladder'>): Promise<void> {
  const { id } = request;
  try {
    if (request.kind === 'describe') port.post({ kind: 'description', id, description: describe(request) });
    else port.post({ kind: 'ladderReply', id, rungs: await ladder(), tfjsVersion: tfjsVersion() });
  } catch (thrown) {
    port.post({ kind: 'requestError', id, error: toErrorRecord(thrown) });
  }
}

/** The state that a run goes on from; undefined, with a word on it, where it has to begin anew. */
async function resumed({ config, resume }: Request<'train'>): Promise<Checkpoint | undefined> {
  let fault: string | undefined;
  for (const file of resume?.files ?? []) {
    if (!existsSync(file)) continue;
    try {
      const found = await readCheckpoint(file);
      // Both processes may have died after the state was kept and before the epoch was written down.
      if (found.epoch > (resume?.epochs ?? 0)) continue;
      if (trainsAlike(found.config, config)) return found;
      fault ??= 'What was kept of it is of other options; it begins anew.';
    } catch {
      fault ??= 'What was kept of it cannot be read; it begins anew and comes to the same figures.';
    }
  }
  if (fault !== undefined) port.post({ kind: 'notice', message: fault });
  return undefined;
}

/** Whether two configurations take the same steps; how many, and what they are called, is not asked. */
function trainsAlike(one: RunConfig, other: RunConfig): boolean {
  function steps(config: RunConfig): string {
    return commandLine({ ...config, nbrEpochs: 1, expId: 'main', backend: 'auto' }).join(' ');
  }
  return steps(one) === steps(other);
}

async function train(request: Request<'train'>): Promise<void> {
  yieldToOthers();
  const { config, preparedFile, checkpointFile, rollingFile, previousFile } = request;
  // Loading this program counts as starting; waiting for the request does not.
  const waited = performance.now() - loadedAt;
  const { inputShape, classes, parts } = await readPreparedFoot(preparedFile);
  const definition = networkDefinition(config, inputShape, classes.length);
  function checkFit(trained: number): void {
    const all = parts.training.count + parts.dev.count + parts.test.count;
    const need = memoryNeed(config, definition, { training: trained, all });
    checkMemory(need, memoryLimit(), describeNetwork(definition).parameters);
  }
  // All images are read before it is known how many of them are trained.
  checkFit(0);
  const data = withTrainingShare(await readPrepared(preparedFile), config.trainingShare, config.datasetSeed);
  const { training, dev, test } = data.parts;
  checkFit(training.count);
  const { compute, backend } = await selectCompute(config.backend, workloadOf(config, data));
  try {
    const resume = await resumed(request);
    let cannotKeep = false;
    async function keep(file: string, checkpoint: Checkpoint): Promise<void> {
      try {
        await writeWithRoom(file, checkpoint);
      } catch (thrown) {
        if (cannotKeep) return;
        cannotKeep = true;
        port.post({
          kind: 'notice',
          message: `Its state could not be kept (${reasonOf(thrown)}): it goes on, but cannot be continued from there.`,
        });
      }
    }
    const trainer = new Trainer({
      config,
      data,
      resume,
      keep:
        rollingFile === undefined
          ? undefined
          : async (checkpoint) => {
              if (previousFile !== undefined && existsSync(rollingFile))
                await rename(rollingFile, previousFile);
              await keep(rollingFile, checkpoint);
            },
      compute,
      isStopRequested: () => isStopRequested,
      augmentationWorker: AUGMENTATION_WORKER,
      mayGoOn: (epoch, first) => lead.mayBegin(epoch, first),
      listener: {
        epoch: (figures, snapshots) => {
          port.post({ kind: 'epoch', figures, snapshots });
        },
        batch: (epoch, done, total) => {
          port.post({ kind: 'batch', epoch, done, total });
        },
        notice: (message) => {
          port.post({ kind: 'notice', message });
        },
      },
    });
    port.post({
      kind: 'started',
      backend,
      tfjsVersion: tfjsVersion(),
      network: describeNetwork(trainer.network.definition),
      samples: { training: training.count, dev: dev.count, test: test.count },
      startingMs: performance.now() - waited,
    });
    const { checkpoint, ...outcome } = await trainer.train();
    try {
      await writeWithRoom(checkpointFile, checkpoint, previousFile);
    } catch (thrown) {
      port.post({ kind: 'notice', message: `The final weights could not be kept: ${reasonOf(thrown)}.` });
    }
    port.post({
      kind: 'done',
      ...outcome,
      // The system counts in kilobytes.
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    });
    trainer.dispose();
  } finally {
    await compute.close();
  }
}

/**
 * Writes a checkpoint, on a full disk in place of what can be prepared again, and then of a file that it outdates.
 * @throws as `writeCheckpoint`
 */
async function writeWithRoom(file: string, checkpoint: Checkpoint, outdated?: string): Promise<void> {
  const sacrifices = [
    () => room.free(),
    async () => {
      if (outdated === undefined || !existsSync(outdated)) return 0;
      const { size } = await stat(outdated);
      await rm(outdated);
      return size;
    },
  ];
  for (;;) {
    try {
      await writeCheckpoint(file, checkpoint);
      return;
    } catch (thrown) {
      if (diskFault(thrown) !== 'full') throw thrown;
      let freed = 0;
      while (freed === 0 && sacrifices.length > 0) freed = (await sacrifices.shift()?.()) ?? 0;
      if (freed === 0) throw thrown;
    }
  }
}

/** The host, its pages and everything else that people look at come first where runs keep all cores busy. */
function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
    // Linux shares the processor among sessions first: within one of its own the priority would count for nothing. A
    // session that it shares with others would give way as a whole, them included.
    // https://www.man7.org/linux/man-pages/man7/sched.7.html (The autogroup feature)
    if (process.platform === 'linux' && isSessionOfItsOwn())
      writeFileSync('/proc/self/autogroup', String(constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {
    // Where that is not allowed it trains as it is.
  }
}

/** Whether this process leads its session, as its host starts it. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function isSessionOfItsOwn(): boolean {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  // The name of the program, which may hold anything, stands in brackets before: the session is the fourth after it.
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]) === process.pid;
}

/** Why something could not be written, without the full stop. */
function reasonOf(thrown: unknown): string {
  const fault = diskFault(thrown);
  return fault === undefined ? toErrorRecord(thrown).message : diskFaultWords(fault);
}

async function trainOnce(request: Request<'train'>): Promise<void> {
  try {
    if (isTraining) throw new Error('One process trains one run.');
    isTraining = true;
    await train(request);
  } catch (thrown) {
    if (thrown instanceof PreparedGone) port.post({ kind: 'unprepared' });
    else port.post({ kind: 'failed', error: toErrorRecord(thrown) });
  }
}

function receive(message: unknown): void {
  const checked = TrainingRequest.safeParse(message);
  if (!checked.success) {
    const error = new UserError(`A request could not be understood: ${schemaSentence(checked.error)}.`);
    port.post({ kind: 'failed', error: toErrorRecord(error) });
    return;
  }
  const request = checked.data;
  if (request.kind === 'stop') {
    isStopRequested = true;
    lead.letGo();
  } else if (request.kind === 'hold') lead.hold();
  else if (request.kind === 'recorded') lead.recorded(request.epoch);
  else if (request.kind === 'freed') room.freed(request.bytes);
  else if (request.kind === 'train') void trainOnce(request);
  else void answer(request);
}

port.onMessage(receive);
port.onClose(() => {
  process.exit(0);
});
