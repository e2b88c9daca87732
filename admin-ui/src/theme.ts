import { enUS, kkKZ, ruRU } from '@mui/material/locale'
import { createTheme } from '@mui/material/styles'
import { deepmerge } from '@mui/utils'
import { defaultLightTheme, type RaThemeOptions } from 'react-admin'
import { INTL_LOCALE, TIME_ZONE, type Locale } from './locale'

const MUI_LOCALE = { kk: kkKZ, ru: ruRU, en: enUS }

/** react-admin formats in the browser's locale unless told otherwise, and sends changes only after a toast has closed. */
export function themeOf(locale: Locale): RaThemeOptions {
  const locales = INTL_LOCALE[locale]
  const own: RaThemeOptions = {
    palette: {
      primary: { main: '#0b4f6c', contrastText: '#ffffff' },
      secondary: { main: '#0b4f6c', contrastText: '#ffffff' },
      error: { main: '#b3261e' },
      warning: { main: '#8a4b00' },
      success: { main: '#1b6b3a' },
      text: { primary: '#1c2329', secondary: '#4a545c' },
      background: { default: '#f5f7f8' },
    },
    shape: { borderRadius: 6 },
    typography: {
      fontFamily: '"Noto Sans", "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
      h1: { fontSize: '1.65rem', fontWeight: 600, lineHeight: 1.3 },
      h2: { fontSize: '1.2rem', fontWeight: 600, lineHeight: 1.35 },
      h3: { fontSize: '1rem', fontWeight: 600 },
    },
    components: {
      MuiCssBaseline: {
        styleOverrides: {
          // the header stays at the top: what takes the focus must not end up under it
          html: { scrollPaddingTop: '7rem' },
          // a browser lets no group of fields be narrower than what stands in it, so that on a telephone it is beyond the edge
          fieldset: { minWidth: 0 },
        },
      },
      MuiButton: { defaultProps: { disableElevation: true }, styleOverrides: { root: { textTransform: 'none' } } },
      MuiTab: { styleOverrides: { root: { textTransform: 'none' } } },
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
