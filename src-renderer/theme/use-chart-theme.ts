import { computed, type ComputedRef } from 'vue';
import { useTheme } from 'vuetify';
import type { ThemeName } from '../charts/palette.ts';

/** The theme that charts are drawn in: that of the page. */
export function useChartTheme(): ComputedRef<ThemeName> {
  const theme = useTheme();
  return computed(() => (theme.global.current.value.dark ? 'dark' : 'light'));
}
