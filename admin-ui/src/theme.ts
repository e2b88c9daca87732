/** The look of the console: for long working days, in light and dark, with more or less room. */
import { enUS, kkKZ, ruRU } from '@mui/material/locale'
import { createTheme } from '@mui/material/styles'
import { deepmerge } from '@mui/utils'
import { defaultLightTheme, type RaThemeOptions } from 'react-admin'
import { COLOURS, type Colours } from './colours'
import type { Density, Mode } from './choices'
import { INTL_LOCALE, TIME_ZONE, type Locale } from './locale'

const MUI_LOCALE = { kk: kkKZ, ru: ruRU, en: enUS }

declare module '@mui/material/styles' {
  interface Palette {
    own: Colours
  }
  interface PaletteOptions {
    own?: Colours
  }
}

/** Distances that make the difference between the densities; a target stays at least 24 pixels wide and high (WCAG 2.5.8). */
const ROOM: Readonly<
  Record<Density, { readonly unit: number; readonly cell: string; readonly head: string; readonly item: string }>
> = {
  comfortable: { unit: 8, cell: '0.7rem 0.9rem', head: '0.55rem 0.9rem', item: '0.4rem' },
  compact: { unit: 6, cell: '0.32rem 0.7rem', head: '0.3rem 0.7rem', item: '0.15rem' },
}

/** The theme in a language, which formats and names what the libraries say. */
export function themeOf(locale: Locale, mode: Mode, density: Density = 'comfortable'): RaThemeOptions {
  const locales = INTL_LOCALE[locale]
  const colours = COLOURS[mode]
  const room = ROOM[density]
  const dense = density === 'compact'
  const own: RaThemeOptions = {
    spacing: room.unit,
    palette: {
      mode,
      own: colours,
      primary: { main: colours.action, dark: colours.pressed, contrastText: colours.onAction },
      secondary: { main: colours.action, dark: colours.pressed, contrastText: colours.onAction },
      error: { main: colours.late, contrastText: colours.sheet },
      warning: { main: colours.soon, contrastText: colours.sheet },
      success: { main: colours.done, contrastText: colours.sheet },
      info: { main: colours.told, contrastText: colours.sheet },
      text: { primary: colours.text, secondary: colours.quiet },
      background: { default: colours.ground, paper: colours.sheet },
      divider: colours.line,
    },
    shape: { borderRadius: 4 },
    typography: {
      fontFamily: '"Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
      fontSize: dense ? 13 : 14,
      h1: { fontSize: dense ? '1.35rem' : '1.55rem', fontWeight: 650, lineHeight: 1.25, letterSpacing: '-0.01em' },
      h2: { fontSize: dense ? '1rem' : '1.1rem', fontWeight: 650, lineHeight: 1.35 },
      h3: { fontSize: '1rem', fontWeight: 650 },
      button: { fontWeight: 600 },
    },
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          // the header stays at the top: what takes the focus must not end up under it
          html: { scrollPaddingTop: '7rem', colorScheme: mode },
          // figures stand under one another; long words of Kazakh and Russian break where a language breaks them
          body: { fontVariantNumeric: 'tabular-nums lining-nums', overflowWrap: 'break-word' },
          'h1, h2, h3, dt, th, button': { hyphens: 'manual' },
          // a browser lets no group of fields be narrower than what stands in it, so that on a telephone it is beyond the edge
          fieldset: { minWidth: 0 },
          ':focus-visible': { outline: `3px solid ${colours.action}`, outlineOffset: '2px' },
        },
      },
      MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiAppBar: {
        styleOverrides: {
          root: {
            backgroundColor: colours.sheet,
            color: colours.text,
            borderBottom: `1px solid ${colours.line}`,
            backgroundImage: 'none',
          },
        },
      },
      MuiButton: {
        defaultProps: { disableElevation: true },
        styleOverrides: { root: { textTransform: 'none', lineHeight: 1.3 } },
      },
      MuiButtonBase: { defaultProps: { disableRipple: true } },
      MuiTab: { styleOverrides: { root: { textTransform: 'none', minHeight: dense ? 36 : 48 } } },
      MuiTabs: { styleOverrides: { root: { minHeight: dense ? 36 : 48 } } },
      MuiTableCell: {
        styleOverrides: {
          root: { padding: room.cell, borderColor: colours.line },
          sizeSmall: { padding: room.cell },
          head: {
            padding: room.head,
            backgroundColor: colours.inset,
            color: colours.quiet,
            fontSize: '0.82rem',
            fontWeight: 600,
            lineHeight: 1.3,
          },
        },
      },
      MuiTableRow: {
        styleOverrides: { root: { '&.MuiTableRow-hover:hover': { backgroundColor: colours.here } } },
      },
      MuiListItemButton: {
        styleOverrides: {
          root: {
            paddingTop: room.item,
            paddingBottom: room.item,
            '&.Mui-selected, &.Mui-selected:hover': {
              backgroundColor: colours.here,
              boxShadow: `inset 3px 0 0 ${colours.action}`,
              fontWeight: 650,
            },
          },
        },
      },
      MuiChip: {
        styleOverrides: {
          root: { borderRadius: 3, height: 'auto', minHeight: 22 },
          label: { whiteSpace: 'normal', paddingTop: 2, paddingBottom: 2 },
        },
      },
      MuiAlert: {
        styleOverrides: {
          root: { border: `1px solid ${colours.line}`, backgroundColor: colours.inset, color: colours.text },
        },
      },
      MuiLink: { styleOverrides: { root: { textDecorationColor: 'currentcolor', textUnderlineOffset: '0.15em' } } },
      MuiTooltip: { styleOverrides: { tooltip: { fontSize: '0.85rem' } } },
      MuiTextField: { defaultProps: { variant: 'outlined', size: 'small' } },
      MuiFormControl: { defaultProps: { variant: 'outlined', size: 'small' } },
      RaEdit: { defaultProps: { mutationMode: 'pessimistic' } },
      RaDeleteButton: { defaultProps: { mutationMode: 'pessimistic' } },
      // react-admin asks only before a row is removed; "Cancel" would not say which of the two it is
      RaConfirm: { defaultProps: { confirm: 'app.registers.remove', cancel: 'app.registers.keep' } },
      RaSimpleForm: { defaultProps: { resetOptions: { keepDirtyValues: true } } },
      RaDateField: { defaultProps: { locales, options: { timeZone: TIME_ZONE } } },
      RaNumberField: { defaultProps: { locales } },
    },
  }

  return deepmerge(deepmerge({ ...defaultLightTheme }, createThemeLocale(locale)), own)
}

const createThemeLocale = (locale: Locale): RaThemeOptions => ({
  components: createTheme(MUI_LOCALE[locale]).components,
})
