import { onScopeDispose } from 'vue';
import { useCommands } from '../stores/commands.ts';

/** Milliseconds within which the second key of a pair has to follow the first. */
const PAIR_MS = 1200;

/** Does what the keys of the commands say, wherever no text is being written. */
export function useKeys(openPalette: () => void): void {
  const commands = useCommands();
  let first = '';
  let firstAt = 0;

  function onKey(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target) || isInDialog()) return;
    const pair = event.timeStamp - firstAt < PAIR_MS ? `${first} ${event.key}` : '';
    const command =
      commands.all.findLast(({ keys }) => keys === pair) ??
      commands.all.findLast(({ keys }) => keys === event.key);
    if (command !== undefined) {
      event.preventDefault();
      first = '';
      command.act();
      return;
    }
    [first, firstAt] = [event.key, event.timeStamp];
  }

  window.addEventListener('keydown', onKey);
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKey);
  });
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}

function isInDialog(): boolean {
  return (
    document.querySelector(
      '.v-overlay--active .v-overlay__content[role=dialog], .v-dialog.v-overlay--active',
    ) !== null
  );
}
