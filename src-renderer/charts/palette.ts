import { laterLooks } from './later-looks.ts';

export type ThemeName = 'light' | 'dark';

/** Colours of what is not data. */
export interface ChartColors {
  readonly background: string;
  readonly text: string;
  /** Labels of axes, explanations. */
  readonly mutedText: string;
  readonly axis: string;
  readonly gridLine: string;
  /** The dot where early stopping would have stopped. */
  readonly earlyStop: string;
  /** From none to all, for shares. */
  readonly shares: readonly string[];
}

/** How one run is told from others: a colour, and beyond the seventh run a mark on its line as well. */
export interface RunLook {
  readonly color: string;
  readonly mark: 'none' | 'circle' | 'triangle' | 'rect' | 'diamond';
}

const COLORS: Readonly<Record<ThemeName, ChartColors>> = {
  light: {
    background: '#ffffff',
    text: '#1b1f24',
    mutedText: '#57606a',
    axis: '#8c959f',
    gridLine: '#e4e8ec',
    earlyStop: '#d40000',
    shares: ['#ffffff', '#d3e4f5', '#9cc5e6', '#5a9fd0', '#2171b5', '#08386f'],
  },
  dark: {
    background: '#15181d',
    text: '#e8ebee',
    mutedText: '#a3acb6',
    axis: '#6b7580',
    gridLine: '#2a3037',
    earlyStop: '#ff4d4d',
    shares: ['#15181d', '#16324f', '#1a5283', '#2a7ab8', '#5aa9de', '#b4dcf7'],
  },
};

/**
 * Searched for over seven hues in OKLCH: each has a contrast of at least 3:1 to the background (WCAG 2.2, 1.4.11), and
 * any two lie at least 0.1 apart in OKLab as people see them who have full colour vision, protanopia, deuteranopia or
 * tritanopia (simulated after Machado, Oliveira and Fernandes, 2009).
 */
const RUN_COLORS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ['#00317e', '#a2933b', '#9240c3', '#218258', '#29a1c1', '#7b3702', '#520b35'],
  dark: ['#1866e0', '#f68c11', '#23c79d', '#b995f6', '#f9e03f', '#7af4fb', '#a1516c'],
};

export function chartColors(theme: ThemeName): ChartColors {
  return COLORS[theme];
}

/** Of so many runs and fewer the colours alone tell any two apart, whatever one's colour vision. */
export const SAFE_LOOKS = RUN_COLORS.light.length;

const LOOKS: Readonly<Record<ThemeName, readonly RunLook[]>> = {
  light: looksOn('light'),
  dark: looksOn('dark'),
};

/** So many runs look different from each other; after them looks come again. */
export const DIFFERENT_LOOKS = LOOKS.light.length;

function looksOn(theme: ThemeName): RunLook[] {
  return [...RUN_COLORS[theme].map((color): RunLook => ({ color, mark: 'none' })), ...laterLooks(theme)];
}

/** A look of either theme as it is in one of them: pictures leave a page of the other one too. */
export function lookIn(look: RunLook, theme: ThemeName): RunLook {
  if (LOOKS[theme].some(({ color }) => color === look.color)) return look;
  const place = LOOKS[theme === 'light' ? 'dark' : 'light'].findIndex(({ color }) => color === look.color);
  return LOOKS[theme][place] ?? look;
}

/**
 * Looks of so many runs, in their order: always the same ones. Seven colours are as many as can be told apart whatever
 * one's colour vision; after them come others, each with a mark that tells it from those that are like it.
 */
export function runLooks(count: number, theme: ThemeName): RunLook[] {
  const looks = LOOKS[theme];
  return Array.from(
    { length: count },
    (_, index) => looks[index % looks.length] ?? { color: COLORS[theme].text, mark: 'none' },
  );
}
