import { keptDisplay, readDisplay } from './choices'

test.each([
  [null, 'system', 'comfortable', 'on'],
  ['', 'system', 'comfortable', 'on'],
  ['dark compact', 'dark', 'compact', 'on'],
  ['dark compact off', 'dark', 'compact', 'off'],
  ['light', 'light', 'comfortable', 'on'],
  ['sepia huge often', 'system', 'comfortable', 'on'],
])('what is kept of the display, %p, is read as far as it is understood', (kept, mode, density, keys) => {
  const read = readDisplay(kept)
  expect(read).toEqual({ mode, density, keys })
  expect(readDisplay(keptDisplay(read))).toEqual(read)
})
