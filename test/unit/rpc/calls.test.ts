import { describe, expect, expectTypeOf, test } from 'vitest';
import { UserError } from '../../../src-preload/contract/errors.ts';
import type { WatchedEvent } from '../../../src-preload/contract/events.ts';
import { type Client, ConnectionLost, createClient } from '../../../src-preload/rpc/client.ts';
import { transportPair } from '../../../src-preload/rpc/in-process.ts';
import { type Outlet, serve } from '../../../src-preload/rpc/server.ts';
import type { Transport } from '../../../src-preload/rpc/transport.ts';
import { deferred } from '../../support/deferred.ts';
import { handlersWith } from '../../support/rpc/sample-handlers.ts';

type Given = Parameters<typeof handlersWith>[0];

function connected(given: Given): {
  client: Client;
  ends: readonly [Transport, Transport];
  broken: unknown[];
} {
  const ends = transportPair();
  const broken: unknown[] = [];
  serve(ends[1], handlersWith(given), { onFailure: (error) => broken.push(error), mostOpen: 3 });
  return { client: createClient(ends[0]), ends, broken };
}

function notice(message: string): WatchedEvent {
  return { kind: 'notice', run: 'a', message };
}

/** Something that happens later. */
function later(): { done: Promise<null>; finish: () => void } {
  const { promise, resolve } = deferred<null>();
  return {
    done: promise,
    finish: () => {
      resolve(null);
    },
  };
}

describe('a call', () => {
  test('is typed and answered', async () => {
    const { client } = connected({
      calls: {
        snapshotEpochs: ({ run, kind }) => {
          expect([run, kind]).toEqual(['a', 'units']);
          return [1, 2];
        },
      },
    });
    const epochs = await client.call('snapshotEpochs', { run: 'a', kind: 'units' });
    expectTypeOf(epochs).toEqualTypeOf<number[]>();
    expect(epochs).toEqual([1, 2]);
  });

  test('brings curves as the arrays that they are', async () => {
    const curve = {
      run: 'a',
      metric: 'dev.loss' as const,
      epochs: Uint32Array.of(1, 2, 3),
      values: Float64Array.of(0.5, NaN, Infinity),
    };
    const { client } = connected({ calls: { series: () => [curve] } });
    expect(await client.call('series', { runs: ['a'], metrics: ['dev.loss'] })).toEqual([curve]);
  });

  test('fails with a UserError where its user can mend it, without a stack where something broke', async () => {
    const { client, broken } = connected({
      calls: {
        run: () => {
          throw new UserError('There is no run a.');
        },
        about: () => Promise.reject(new TypeError('a secret of the host')),
      },
    });
    await expect(client.call('run', { run: 'a' })).rejects.toEqual(new UserError('There is no run a.'));
    const failure = await client.call('about', {}).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(UserError);
    expect((failure as Error).message).toBe('a secret of the host');
    // The stack is that of this side alone.
    expect((failure as Error).stack).not.toContain('serve');
    expect(broken).toEqual([new TypeError('a secret of the host')]);
  });

  test('is checked against the contract at the door', async () => {
    let asked = 0;
    const { client } = connected({
      calls: {
        series: () => {
          asked++;
          return [];
        },
      },
    });
    const tooMany = Array.from({ length: 501 }, () => 'a');
    await expect(client.call('series', { runs: tooMany, metrics: [] })).rejects.toThrow(
      /not possible: runs: Too big/,
    );
    expect(asked).toBe(0);
  });

  test('that is answered with something else than the contract says fails', async () => {
    const { client } = connected({ calls: { snapshotEpochs: () => ['first'] as never } });
    await expect(client.call('snapshotEpochs', { run: 'a', kind: 'units' })).rejects.toThrow(
      'The answer to snapshotEpochs is not what the contract says.',
    );
  });

  test('whose answer cannot be carried fails, and the next one is answered', async () => {
    const { client } = connected({
      calls: { snapshotEpochs: () => [() => 1] as never, stop: () => null },
    });
    await expect(client.call('snapshotEpochs', { run: 'a', kind: 'units' })).rejects.toThrow(/cloned/);
    expect(await client.call('stop', { run: 'a' })).toBe(null);
  });

  test('that is given up fails with the reason, and its handler is told', async () => {
    const told = later();
    const { client } = connected({
      calls: {
        stop: async (_params, signal) => {
          signal.addEventListener('abort', told.finish, { once: true });
          return new Promise(() => undefined);
        },
      },
    });
    const giveUp = new AbortController();
    const call = client.call('stop', { run: 'a' }, giveUp.signal);
    giveUp.abort(new Error('The page was left.'));
    await expect(call).rejects.toThrow('The page was left.');
    await told.done;
    await expect(client.call('stop', { run: 'a' }, giveUp.signal)).rejects.toThrow('The page was left.');
  });

  test('that ends because it was given up has not failed', async () => {
    const ended = later();
    const { client, broken } = connected({
      calls: {
        stop: (_params, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              reject(new Error('It ends.'));
              ended.finish();
            });
          }),
      },
    });
    const giveUp = new AbortController();
    const call = client.call('stop', { run: 'a' }, giveUp.signal);
    giveUp.abort(new Error('The page was left.'));
    await expect(call).rejects.toThrow('The page was left.');
    await ended.done;
    // Whatever is said of it is said by now.
    await client.call('about', {}).catch(() => undefined);
    expect(broken).toEqual([]);
  });

  test('in flight fails at once when the connection goes, and so does every later one', async () => {
    const begun = later();
    const told = later();
    const { client, ends } = connected({
      calls: {
        stop: async (_params, signal) => {
          signal.addEventListener('abort', told.finish, { once: true });
          begun.finish();
          return new Promise(() => undefined);
        },
      },
    });
    const closed = later();
    client.onClose(closed.finish);
    const call = client.call('stop', { run: 'a' });
    await begun.done;
    ends[1].close();
    await expect(call).rejects.toBeInstanceOf(ConnectionLost);
    await told.done;
    await closed.done;
    await expect(client.call('stop', { run: 'a' })).rejects.toBeInstanceOf(ConnectionLost);
  });
});

describe('a stream', () => {
  /** Handlers that hand out what they are told to send, and tell of an end. */
  function streaming() {
    const begun = deferred<Outlet<WatchedEvent>>();
    const ended = later();
    const connection = connected({
      calls: { stop: () => null },
      streams: {
        events: (_params, outlet) => {
          begun.resolve(outlet);
          return ended.finish;
        },
      },
    });
    return { ...connection, begun: begun.promise, ended: ended.done };
  }

  test('brings its items in order, until it is left', async () => {
    const { client, begun, ended } = streaming();
    const seen: WatchedEvent[] = [];
    const leave = client.follow('events', {}, (event) => {
      seen.push(event);
      if (seen.length === 3) leave();
    });
    const outlet = await begun;
    outlet.send([notice('1'), notice('2')]);
    outlet.send([]);
    outlet.send([notice('3'), notice('4')]);
    await ended;
    outlet.send([notice('5')]);
    // Messages keep their order: what would still come is there before this answer.
    await client.call('stop', { run: 'a' });
    expect(seen).toEqual([notice('1'), notice('2'), notice('3')]);
  });

  test('is ended when the client closes', async () => {
    const { client, begun, ended } = streaming();
    const failed: Error[] = [];
    client.follow(
      'events',
      {},
      () => undefined,
      (error) => failed.push(error),
    );
    await begun;
    client.close();
    await ended;
    expect(failed).toEqual([new ConnectionLost()]);
  });

  test('tells its follower why it ended by itself', async () => {
    const { client, begun, ended } = streaming();
    const failure = deferred<Error>();
    client.follow('events', {}, () => undefined, failure.resolve);
    (await begun).send([{ kind: 'notice', run: 'a', message: (() => 1) as never }]);
    expect((await failure.promise).message).toMatch(/cloned/);
    await ended;
  });

  test('that brings something else than the contract says ends', async () => {
    const { client, begun, ended } = streaming();
    const failure = deferred<Error>();
    client.follow('events', {}, () => undefined, failure.resolve);
    (await begun).send([{ kind: 'other' } as never]);
    expect((await failure.promise).message).toBe('What events brought is not what the contract says.');
    await ended;
  });
});

describe('a server', () => {
  /** What a server says to raw messages, up to its answer to a call that ends the list. */
  async function answersTo(messages: readonly unknown[]): Promise<unknown[]> {
    const [mine, its] = transportPair();
    serve(its, handlersWith({ calls: { stop: () => new Promise(() => undefined) } }), { mostOpen: 3 });
    const { promise, resolve } = deferred<unknown[]>();
    const answers: unknown[] = [];
    mine.onMessage((answer) => {
      answers.push(answer);
      if ((answer as { id: number }).id === 99) resolve(answers.slice(0, -1));
    });
    mine.onClose(() => {
      resolve([...answers, 'closed']);
    });
    for (const message of [...messages, { kind: 'call', id: 99, name: 'about', params: {} }])
      mine.send(message as never);
    return promise;
  }

  test.each([
    [{ kind: 'call', id: 1, name: 'noSuchCall', params: {} }, /no call of that name/],
    [{ kind: 'call', id: 1, name: 'constructor', params: {} }, /no call of that name/],
    [{ kind: 'call', id: 1, name: 'events', params: {} }, /no call of that name/],
    [{ kind: 'follow', id: 1, name: 'about', params: {} }, /no stream of that name/],
    [{ kind: 'call', id: 1, name: 'run', params: null }, /not possible/],
    [{ kind: 'call', id: 1, name: 'run' }, /not possible/],
    [{ kind: 'follow', id: 1, name: 'events', params: 'text' }, /not possible/],
    [{ kind: 'reboot', id: 1 }, /No such message: kind/],
    [{ kind: 'call', id: 1, name: 5 }, /No such message: name/],
  ])('answers %j with a sentence', async (message, sentence) => {
    expect(await answersTo([message])).toEqual([
      { kind: 'error', id: 1, error: { kind: 'user', message: expect.stringMatching(sentence) as string } },
    ]);
  });

  test.each([null, 'text', 5, [], {}, { kind: 'call', id: -1 }, { kind: 'call', id: 1.5, name: 'about' }])(
    'closes on %j, which nobody could be answered for',
    async (message) => {
      expect(await answersTo([message])).toEqual(['closed']);
    },
  );

  test('passes over a dispose of what is not open', async () => {
    expect(await answersTo([{ kind: 'dispose', id: 7 }])).toEqual([]);
  });

  test('refuses a number that is taken, and more open calls than it may hold', async () => {
    const stop = { kind: 'call', name: 'stop', params: { run: 'a' } };
    const said = await answersTo([1, 1, 2, 3, 4].map((id) => ({ ...stop, id })));
    expect(said).toMatchObject(
      [
        { id: 1, error: { kind: 'user', message: /taken/ } },
        { id: 4, error: { kind: 'user', message: /open already/ } },
      ].map(({ id, error }) => ({
        id,
        error: { ...error, message: expect.stringMatching(error.message) as string },
      })),
    );
  });
});
