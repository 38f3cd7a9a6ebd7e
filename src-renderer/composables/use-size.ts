import { onScopeDispose, type Ref, shallowReadonly, shallowRef, watch } from 'vue';

/** Width and height of an element in CSS pixels, 0 until it is there. */
export function useSize(
  element: Readonly<Ref<HTMLElement | null>>,
): Readonly<Ref<{ width: number; height: number }>> {
  const size = shallowRef({ width: 0, height: 0 });
  const observer = new ResizeObserver((entries) => {
    const box = entries.at(-1)?.contentRect;
    if (box !== undefined) size.value = { width: Math.round(box.width), height: Math.round(box.height) };
  });
  watch(
    element,
    (now, before) => {
      if (before !== null && before !== undefined) observer.unobserve(before);
      if (now !== null) observer.observe(now);
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => {
    observer.disconnect();
  });
  return shallowReadonly(size);
}
