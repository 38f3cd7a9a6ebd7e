import { createVuetify, type ThemeDefinition } from 'vuetify';
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg';
import 'vuetify/styles/core';

const light: ThemeDefinition = {
  dark: false,
  colors: {
    background: '#f5f7f9',
    surface: '#ffffff',
    'on-surface': '#1b1f24',
    'on-background': '#1b1f24',
    primary: '#2457c5',
    secondary: '#57606a',
    muted: '#57606a',
    'surface-variant': '#57606a',
    'on-surface-variant': '#ffffff',
    error: '#b3261e',
    warning: '#8a5300',
    success: '#1a6b3c',
    info: '#2457c5',
  },
};

const dark: ThemeDefinition = {
  dark: true,
  colors: {
    background: '#0f1216',
    surface: '#15181d',
    'on-surface': '#e8ebee',
    'on-background': '#e8ebee',
    primary: '#8ab4ff',
    secondary: '#a3acb6',
    muted: '#a3acb6',
    'surface-variant': '#a3acb6',
    'on-surface-variant': '#0f1216',
    error: '#ff8a80',
    warning: '#ffb95c',
    success: '#6fd39a',
    info: '#8ab4ff',
  },
};

/** The component library in the product's look; light or dark as the system is, until the user says otherwise. */
export const vuetify = createVuetify({
  icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
  theme: { defaultTheme: 'system', themes: { light, dark } },
  defaults: {
    global: { ripple: false },
    VBtn: { variant: 'tonal', size: 'small', class: 'text-none' },
    VTextField: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VSelect: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VCombobox: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VAutocomplete: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VTextarea: { variant: 'outlined', density: 'compact', hideDetails: 'auto' },
    VSwitch: { density: 'compact', hideDetails: true, color: 'primary' },
    VCheckbox: { density: 'compact', hideDetails: true, color: 'primary' },
    VSlider: { color: 'primary' },
    VTooltip: { location: 'bottom', openDelay: 400 },
  },
});
