/** Single keys of a page. They do nothing while somebody types, while a dialog is open, or when the person has switched them off. */
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { currentDisplay, onDisplayChange } from '../display'

export const KEYS = [
  'next',
  'previous',
  'open',
  'claim',
  'putOff',
  'nextPage',
  'previousPage',
  'search',
  'news',
  'list',
] as const
export type KeyName = (typeof KEYS)[number]

/** As they are shown. */
export const SHOWN: Readonly<Record<KeyName, readonly string[]>> = {
  next: ['j', '↓'],
  previous: ['k', '↑'],
  open: ['Enter'],
  claim: ['c'],
  putOff: ['s'],
  nextPage: ['n'],
  previousPage: ['p'],
  search: ['/'],
  news: ['r'],
  list: ['?'],
}

const isArrow = ({ key }: Pick<KeyboardEvent, 'key'>): boolean => key === 'ArrowDown' || key === 'ArrowUp'

/** The letter on the key in Latin, whatever alphabet the keyboard writes: j is о on a Russian one. */
function letterOf({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string {
  if (/^[\x20-\x7e]$/.test(key)) return key.toLowerCase()
  if (isArrow({ key })) return key === 'ArrowDown' ? '↓' : '↑'

  return /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key
}

/** Which key of the page was pressed; null: none. A slash and a question mark are by what is written. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey'>): KeyName | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const letter = letterOf(event)
  if (letter === 'Enter') return null

  return KEYS.find((name) => SHOWN[name].includes(letter)) ?? null
}

const TAKES_TEXT = 'input, textarea, select, [contenteditable="true"], [role="combobox"]'
const OPEN_OVER = '[role="dialog"], [role="menu"], [role="listbox"]'

/** Calls what is bound to a key; answers whether keys are on. */
export function useKeys(bound: Partial<Record<KeyName, () => void>>): boolean {
  const on = useSyncExternalStore(onDisplayChange, currentDisplay).keys === 'on'
  const latest = useRef(bound)
  useEffect(() => {
    latest.current = bound
  })
  useEffect(() => {
    if (!on) return undefined
    const press = (event: KeyboardEvent) => {
      const { target } = event
      if (target instanceof Element && target.closest(TAKES_TEXT)) return
      // from a row to the next; elsewhere they scroll the page
      if (isArrow(event) && !(target instanceof Element && target.closest('li'))) return
      const name = keyOf(event)
      const act = name && latest.current[name]
      if (!act || event.defaultPrevented || document.querySelector(OPEN_OVER)) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)

    return () => window.removeEventListener('keydown', press)
  }, [on])

  return on
}
