import { defineStore } from 'pinia';
import { computed, type MaybeRefOrGetter, onScopeDispose, shallowRef, toValue } from 'vue';

/** Something that can be done by name or by keys. */
export interface PageCommand {
  readonly id: string;
  readonly title: string;
  /** Where it stands in the list of keys: the page it belongs to. */
  readonly group: string;
  /**
   * One key (`n`, `Shift+ArrowDown`, `Ctrl+z`), or two one after the other (`g r`); a list where several do the same;
   * absent for what only the palette offers.
   */
  readonly keys?: string | readonly string[];
  /** Its keys hold only while this element itself has the focus: elsewhere they mean something else. */
  readonly focus?: () => Element | null | undefined;
  /** It only moves something by keys: the palette has no use for it. */
  readonly isMove?: boolean;
  /** Whether there is something to do it with at the moment; the palette leaves out what there is not. */
  readonly isPossible?: () => boolean;
  readonly act: () => void;
}

/** Everything that can be done at the moment, for the keyboard and the command palette. */
export const useCommands = defineStore('commands', () => {
  const offers = shallowRef<readonly MaybeRefOrGetter<readonly PageCommand[]>[]>([]);
  return {
    /** What was offered last comes last, and stands in for what has the same id. */
    all: computed(() => [
      ...new Map(
        offers.value.flatMap((offer) => toValue(offer)).map((command) => [command.id, command]),
      ).values(),
    ]),
    /** Adds commands for as long as the component that calls is there. */
    offer(commands: MaybeRefOrGetter<readonly PageCommand[]>): void {
      offers.value = [...offers.value, commands];
      onScopeDispose(() => {
        offers.value = offers.value.filter((one) => one !== commands);
      });
    },
  };
});

/** All keys of a command. */
export function keysOf({ keys }: PageCommand): readonly string[] {
  return keys === undefined ? [] : typeof keys === 'string' ? [keys] : keys;
}
