import { onScopeDispose, ref, type Ref } from 'vue';
import { useRouter } from 'vue-router';
import { shellWords } from '../../src-preload/contract/shell-words.ts';
import { useMessages } from '../stores/messages.ts';

/**
 * A folder that is dropped anywhere on the page becomes the data set of a new run.
 * @returns whether something that could be one is held over the page.
 */
export function useDroppedFolder(): Readonly<Ref<boolean>> {
  const router = useRouter();
  const messages = useMessages();
  const isOver = ref(false);

  function carriesFiles({ dataTransfer }: DragEvent): boolean {
    return dataTransfer?.types.includes('Files') === true;
  }
  function over(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    // Else the page would be left for what is dropped on it.
    event.preventDefault();
    isOver.value = true;
  }
  function leave({ relatedTarget }: DragEvent): void {
    if (relatedTarget === null) isOver.value = false;
  }
  function drop(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    isOver.value = false;
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped !== undefined) void messages.attempt(() => open(dropped));
  }
  async function open(dropped: File): Promise<void> {
    const bridge = window.layerbench;
    if (bridge === undefined) {
      messages.say({
        kind: 'info',
        text: `A browser does not tell where ${dropped.name} lies. Choose the folder on the machine that Layerbench runs on.`,
      });
      await router.push({ name: 'launch', query: { choose: '1' } });
      return;
    }
    const folder = await bridge.openDropped(dropped);
    if (folder === null) {
      messages.say({
        kind: 'error',
        text: `${dropped.name} is no folder. Drop a folder with one sub-folder of images for each class.`,
      });
      return;
    }
    await router.push({ name: 'launch', query: { options: shellWords([`--dataset=${folder}`]) } });
  }

  window.addEventListener('dragover', over);
  window.addEventListener('dragleave', leave);
  window.addEventListener('drop', drop);
  onScopeDispose(() => {
    window.removeEventListener('dragover', over);
    window.removeEventListener('dragleave', leave);
    window.removeEventListener('drop', drop);
  });
  return isOver;
}
