import { defineStore } from 'pinia';
import { shallowReactive, watch } from 'vue';
import type { CallResult, PreferenceKey } from '../../src-preload/contract/api.ts';
import { useConnection } from './connection.ts';
import { useMessages } from './messages.ts';

export type PreferenceValue = CallResult<'preference'>['value'];

/** Choices of the window, kept with the runs: every window and every page on the data folder has them. */
export const usePreferences = defineStore('preferences', () => {
  const connection = useConnection();
  const messages = useMessages();
  const values = shallowReactive(new Map<PreferenceKey, PreferenceValue>());
  const wanted = new Set<PreferenceKey>();

  async function read(key: PreferenceKey): Promise<void> {
    const found = await messages.attempt(() => connection.call('preference', { key }));
    if (found !== undefined) values.set(key, found.value);
  }
  watch(
    () => connection.generation,
    () => {
      for (const key of wanted) void read(key);
    },
  );

  return {
    /** What was chosen; undefined until it is known, null where nothing was. */
    value(key: PreferenceKey): PreferenceValue | undefined {
      if (!wanted.has(key)) {
        wanted.add(key);
        void read(key);
      }
      return values.get(key);
    },
    async set(key: PreferenceKey, value: PreferenceValue): Promise<void> {
      values.set(key, value);
      await messages.attempt(() => connection.call('setPreference', { key, value }));
    },
  };
});
