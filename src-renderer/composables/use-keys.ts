import { computed, type ComputedRef, onScopeDispose, shallowRef } from 'vue';
import { keysOf, type PageCommand, useCommands } from '../stores/commands.ts';

/** Kinds of `<input>` that no text is written in: to them a letter means nothing. */
const NOT_WRITTEN = new Set([
  'button',
  'checkbox',
  'color',
  'file',
  'image',
  'radio',
  'range',
  'reset',
  'submit',
]);

/** Keys that only change what others mean. */
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock']);

/**
 * Does what the keys of the commands say, wherever no text is being written.
 * @returns the first key of a pair that was pressed, and the commands that a second one leads to.
 */
export function useKeys(): ComputedRef<
  { readonly key: string; readonly commands: readonly PageCommand[] } | undefined
> {
  const commands = useCommands();
  /** It waits for the second key however long that takes: by itself that key could mean something else. */
  const first = shallowRef<string>();

  function beginning(key: string): PageCommand[] {
    return commands.all.filter((command) => keysOf(command).some((keys) => keys.startsWith(`${key} `)));
  }

  function commandOf(keys: string, target: EventTarget | null): PageCommand | undefined {
    return commands.all.findLast(
      (command) =>
        keysOf(command).includes(keys) &&
        (command.focus === undefined || command.focus() === target) &&
        command.isPossible?.() !== false,
    );
  }

  function onKey(event: KeyboardEvent): void {
    if (MODIFIERS.has(event.key) || event.isComposing) return;
    const key = keyOf(event);
    // The palette is reached from a text, too.
    const mayAct =
      key === PALETTE_KEY || (!event.altKey && !isWriting(event.target) && !isInLayer(event.target));
    if (!mayAct) return;
    const before = first.value;
    first.value = undefined;
    if (before !== undefined) {
      event.preventDefault();
      commandOf(`${before} ${key}`, event.target)?.act();
      return;
    }
    const command = commandOf(key, event.target);
    if (command !== undefined) {
      event.preventDefault();
      command.act();
    } else if (beginning(key).length > 0) first.value = key;
  }

  function forget(): void {
    first.value = undefined;
  }

  window.addEventListener('keydown', onKey);
  window.addEventListener('pointerdown', forget);
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKey);
    window.removeEventListener('pointerdown', forget);
  });
  return computed(() =>
    first.value === undefined ? undefined : { key: first.value, commands: beginning(first.value) },
  );
}

/** What opens the palette. */
export const PALETTE_KEY = 'Ctrl+k';

/** A key as commands name it: a letter or sign says by itself that Shift was held. */
function keyOf(event: KeyboardEvent): string {
  const isSign = event.key.length === 1 && event.key !== ' ';
  const name = event.key === ' ' ? 'Space' : event.key;
  if (event.ctrlKey || event.metaKey) return `Ctrl+${isSign ? name.toLowerCase() : name}`;
  return event.shiftKey && !isSign ? `Shift+${name}` : name;
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !NOT_WRITTEN.has(target.type);
  return target.isContentEditable || ['TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Whether a dialog is open, or the focus is in a menu: what lies beneath is not meant. */
function isInLayer(target: EventTarget | null): boolean {
  const isInMenu = target instanceof Element && target.closest('.v-overlay--active') !== null;
  return isInMenu || document.querySelector('.v-dialog.v-overlay--active') !== null;
}
