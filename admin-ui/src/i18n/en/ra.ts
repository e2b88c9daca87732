import type { TranslationMessages } from 'ra-core'
import english from 'ra-language-english'

/** "Cancel" in a dialog that cancels something would not say which of the two it does. */
export const ra: TranslationMessages = {
  ...english,
  ra: { ...english.ra, action: { ...english.ra.action, cancel: 'Close the window' } },
}
