/** What a person can choose of how the console looks, and how the choice is kept as text. */

export const MODES = ['system', 'light', 'dark'] as const
export type ModeChoice = (typeof MODES)[number]
export type Mode = Exclude<ModeChoice, 'system'>
export const DENSITIES = ['comfortable', 'compact'] as const
export type Density = (typeof DENSITIES)[number]
/** Keys of one letter that a page has. */
export const KEY_CHOICES = ['on', 'off'] as const

export interface Display {
  readonly mode: ModeChoice
  readonly density: Density
  readonly keys: (typeof KEY_CHOICES)[number]
}

const DEFAULT: Display = { mode: 'system', density: 'comfortable', keys: 'on' }

export const keptDisplay = ({ mode, density, keys }: Display): string => `${mode} ${density} ${keys}`

/** What is kept, as far as it is understood; a release before or after may have kept something else. */
export function readDisplay(kept: string | null): Display {
  const [mode, density, keys] = (kept ?? '').split(' ')

  return {
    mode: MODES.find((each) => each === mode) ?? DEFAULT.mode,
    density: DENSITIES.find((each) => each === density) ?? DEFAULT.density,
    keys: KEY_CHOICES.find((each) => each === keys) ?? DEFAULT.keys,
  }
}
