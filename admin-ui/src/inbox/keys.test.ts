import { keyOf } from './keys'

const press = (key: string, code: string, more: Partial<Parameters<typeof keyOf>[0]> = {}) =>
  keyOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, ...more })

test.each([
  ['j', 'KeyJ', 'next'],
  ['J', 'KeyJ', 'next'],
  ['о', 'KeyJ', 'next'],
  ['л', 'KeyK', 'previous'],
  ['с', 'KeyC', 'claim'],
  ['ArrowDown', 'ArrowDown', 'next'],
  ['ArrowUp', 'ArrowUp', 'previous'],
  ['/', 'Slash', 'search'],
  ['/', 'Backslash', 'search'],
  ['?', 'Digit7', 'list'],
  ['n', 'KeyL', 'nextPage'],
  ['q', 'KeyQ', null],
  ['.', 'Slash', null],
])('%s on the key %s is %s', (key, code, name) => {
  expect(press(key, code)).toBe(name)
})

test.each(['ctrlKey', 'metaKey', 'altKey'] as const)('with %s it is a key of the browser', (held) => {
  expect(press('n', 'KeyN', { [held]: true })).toBeNull()
})
