/** Every colour of the console. */
import type { Mode } from './choices'

/** Colours by what they are for. `test/console-look.test.ts` holds the contrast of what is read on what. */
export interface Colours {
  /** behind everything, and behind what is read on it: pages, sheets, what is set apart on a sheet */
  readonly ground: string
  readonly sheet: string
  readonly inset: string
  readonly line: string
  readonly text: string
  readonly quiet: string
  /** what one presses, and what is written on it */
  readonly action: string
  readonly pressed: string
  readonly onAction: string
  /** where one is, in the menu and in lists */
  readonly here: string
  readonly late: string
  readonly soon: string
  readonly done: string
  readonly told: string
  /** a day off in the calendar; the strip of the demonstration and what is written on it */
  readonly dayOff: string
  readonly strip: string
  readonly onStrip: string
}

export const COLOURS: Readonly<Record<Mode, Colours>> = {
  light: {
    ground: '#f4f3ef',
    sheet: '#fdfdfb',
    inset: '#eceae4',
    line: '#d6d3ca',
    text: '#1d2225',
    quiet: '#50585d',
    action: '#0d5257',
    pressed: '#083b3f',
    onAction: '#ffffff',
    here: '#dfeae8',
    late: '#9c2a1c',
    soon: '#7a4b00',
    done: '#22613a',
    told: '#1f4f7a',
    dayOff: '#f5e1dd',
    strip: '#f3e3b3',
    onStrip: '#3a2c00',
  },
  dark: {
    ground: '#14181a',
    sheet: '#1c2124',
    inset: '#272d31',
    line: '#3a4247',
    text: '#e6e8e7',
    quiet: '#aab3b6',
    action: '#86c9c4',
    pressed: '#a9dcd8',
    onAction: '#06292b',
    here: '#22383a',
    late: '#f0988a',
    soon: '#e5b566',
    done: '#86c99c',
    told: '#96c1e8',
    dayOff: '#452b28',
    strip: '#443712',
    onStrip: '#f5e5b5',
  },
}
