/** How the person wants the console to look on this device: kept as the language is, outside react-admin's store, which is wiped at sign-out. */

export const MODES = ['system', 'light', 'dark'] as const
export type ModeChoice = (typeof MODES)[number]
export type Mode = Exclude<ModeChoice, 'system'>
export const DENSITIES = ['comfortable', 'compact'] as const
export type Density = (typeof DENSITIES)[number]

export interface Display {
  readonly mode: ModeChoice
  readonly density: Density
}

const KEY = 'mansap.display'
const DEFAULT: Display = { mode: 'system', density: 'comfortable' }
const listeners = new Set<() => void>()
const tellAll = () => listeners.forEach((listener) => listener())

/** What is kept, as far as it is understood; a release before or after may have kept something else. */
export function readDisplay(kept: string | null): Display {
  const [mode, density] = (kept ?? '').split(' ')

  return {
    mode: MODES.find((each) => each === mode) ?? DEFAULT.mode,
    density: DENSITIES.find((each) => each === density) ?? DEFAULT.density,
  }
}

const prefersDark = (): MediaQueryList => window.matchMedia('(prefers-color-scheme: dark)')
let current: Display | null = null

export const currentDisplay = (): Display => (current ??= readDisplay(localStorage.getItem(KEY)))

/** Light or dark, as it is shown now. */
export function currentMode(): Mode {
  const { mode } = currentDisplay()
  if (mode !== 'system') return mode

  return prefersDark().matches ? 'dark' : 'light'
}

export function chooseDisplay(chosen: Partial<Display>): void {
  current = { ...currentDisplay(), ...chosen }
  localStorage.setItem(KEY, `${current.mode} ${current.density}`)
  tellAll()
}

/** For `useSyncExternalStore`: the person chooses, here or in another tab, or the system changes. */
export function onDisplayChange(listener: () => void): () => void {
  const system = prefersDark()
  const elsewhere = ({ key }: StorageEvent) => {
    if (key !== KEY) return
    current = null
    listener()
  }
  listeners.add(listener)
  system.addEventListener('change', listener)
  window.addEventListener('storage', elsewhere)

  return () => {
    listeners.delete(listener)
    system.removeEventListener('change', listener)
    window.removeEventListener('storage', elsewhere)
  }
}
