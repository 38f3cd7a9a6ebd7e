import { defineStore } from 'pinia';
import { onScopeDispose, shallowRef, triggerRef } from 'vue';

/** Something that can be done by name or by keys. */
export interface PageCommand {
  readonly id: string;
  readonly title: string;
  /** Where it stands in the list of keys: the page it belongs to. */
  readonly group: string;
  /** One key (`n`), or two one after the other (`g r`); absent for what only the palette offers. */
  readonly keys?: string;
  readonly act: () => void;
}

/** Everything that can be done at the moment, for the keyboard and the command palette. */
export const useCommands = defineStore('commands', () => {
  const all = shallowRef<PageCommand[]>([]);
  return {
    all,
    /** Adds commands for as long as the component that calls is there. */
    offer(commands: readonly PageCommand[]): void {
      all.value.push(...commands);
      triggerRef(all);
      onScopeDispose(() => {
        all.value = all.value.filter((one) => !commands.includes(one));
      });
    },
  };
});
