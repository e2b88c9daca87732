/** How the person wants the console to look on this device: kept as the language is, outside react-admin's store, which is wiped at sign-out. */

import { keptDisplay, readDisplay, type Display, type Mode } from './choices'

const KEY = 'mansap.display'
const listeners = new Set<() => void>()
const tellAll = () => listeners.forEach((listener) => listener())

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
  localStorage.setItem(KEY, keptDisplay(current))
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
