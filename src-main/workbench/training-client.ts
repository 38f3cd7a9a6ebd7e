import type { RunConfig } from '../../src-preload/contract/config.ts';
import type { InputShape } from '../../src-preload/contract/dataset.ts';
import { fromErrorRecord } from '../../src-preload/contract/errors.ts';
import {
  type NetworkDescription,
  type Rung,
  TrainingMessage,
  type TrainingRequest,
} from '../../src-preload/contract/training-process.ts';
import type { ProcessHost } from './process-host.ts';

/** Questions to a training process that trains nothing. */
export interface TrainingClient {
  /** @throws UserError for a configuration that no network can be made of. */
  describe(config: RunConfig, inputShape: InputShape, classes: number): Promise<NetworkDescription>;
  ladder(): Promise<{ readonly rungs: Rung[]; readonly tfjsVersion: string }>;
  close(): void;
}

type Answer = Extract<TrainingMessage, { kind: 'description' | 'ladderReply' }>;

/** @param entry absolute path of the training process's script. */
export function createTrainingClient(host: ProcessHost, entry: string): TrainingClient {
  const hosted = host.start(entry);
  const pending = new Map<number, { settle: (answer: Answer) => void; fail: (error: Error) => void }>();
  let nextId = 1;
  let ended: string | undefined;
  hosted.onMessage((raw) => {
    const message = TrainingMessage.parse(raw);
    if (message.kind !== 'description' && message.kind !== 'ladderReply' && message.kind !== 'requestError')
      return;
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.kind === 'requestError') waiting?.fail(fromErrorRecord(message.error));
    else waiting?.settle(message);
  });
  hosted.onExit((how) => {
    ended = how;
    for (const waiting of pending.values()) waiting.fail(endedEarly(how));
    pending.clear();
  });

  function ask(request: (id: number) => TrainingRequest): Promise<Answer> {
    if (ended !== undefined) return Promise.reject(endedEarly(ended));
    const id = nextId++;
    const answer = new Promise<Answer>((settle, fail) => {
      pending.set(id, { settle, fail });
    });
    hosted.post(request(id));
    return answer;
  }

  return {
    async describe(config, inputShape, classes) {
      const answer = await ask((id) => ({ kind: 'describe', id, config, inputShape, classes }));
      if (answer.kind !== 'description') throw new Error(`Asked for a description, got ${answer.kind}.`);
      return answer.description;
    },
    async ladder() {
      const answer = await ask((id) => ({ kind: 'ladder', id }));
      if (answer.kind !== 'ladderReply') throw new Error(`Asked for the ladder, got ${answer.kind}.`);
      return { rungs: answer.rungs, tfjsVersion: answer.tfjsVersion };
    },
    close() {
      hosted.kill();
    },
  };
}

function endedEarly(how: string): Error {
  return new Error(`The training process ended before it answered (${how}).`);
}
