import fc from 'fast-check';
import { expect } from 'vitest';
import { calls, streams } from '../../../src-preload/contract/api.ts';
import type { RunConfig } from '../../../src-preload/contract/config.ts';
import type { ServerMessage } from '../../../src-preload/rpc/transport.ts';
import { arbitraryOfSchema, AWKWARD_TEXT, broken } from './arbitrary-of-schema.ts';

const MOST_CONFIGS = 3;

/** Parameters of a call: as its schema has them, broken, or anything. */
function paramsOf(
  schema: (typeof calls)[keyof typeof calls]['params'],
  config: RunConfig,
): fc.Arbitrary<unknown> {
  const own = arbitraryOfSchema(schema);
  const withConfig = own.map((given) => {
    const params = typeof given === 'object' && given !== null ? given : {};
    return {
      ...params,
      ...('config' in params ? { config } : {}),
      ...('configs' in params ? { configs: Array.from({ length: MOST_CONFIGS }, () => config) } : {}),
    };
  });
  return fc.oneof(own, withConfig, broken(own), fc.anything({ withBigInt: false }));
}

/**
 * Messages of a page, but for their ids: as the contract has them, broken, and of no kind that there is.
 * @param config what is launched where a whole configuration is asked for.
 */
export function contractMessages(config: RunConfig): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  return fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .constantFrom(...Object.entries(calls))
        .chain(([name, { params }]) =>
          paramsOf(params, config).map((given) => ({ kind: 'call', name, params: given })),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(...Object.entries(streams))
        .chain(([name, { params }]) =>
          broken(arbitraryOfSchema(params)).map((given) => ({ kind: 'follow', name, params: given })),
        ),
    },
    { weight: 1, arbitrary: AWKWARD_TEXT.map((name) => ({ kind: 'call', name, params: {} })) },
    {
      weight: 1,
      arbitrary: fc.anything({ withBigInt: false }).map((kind) => ({ kind, name: 'runs', params: {} })),
    },
  );
}

/** What a page may be told: a result, what a stream brings, or an error of one sentence without where it broke. */
export function mayBeTold(told: ServerMessage): void {
  if (told.kind !== 'error') return;
  expect(told.error.message).not.toBe('');
  expect(told.error.message).not.toMatch(/\n\s+at /);
  expect(told.error.stack).toBeUndefined();
}
