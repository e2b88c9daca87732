import { keptDisplay, readDisplay } from './choices'

test.each([
  [null, 'system', 'comfortable'],
  ['', 'system', 'comfortable'],
  ['dark compact', 'dark', 'compact'],
  ['light', 'light', 'comfortable'],
  ['sepia huge', 'system', 'comfortable'],
])('what is kept of the display, %p, is read as far as it is understood', (kept, mode, density) => {
  const read = readDisplay(kept)
  expect(read).toEqual({ mode, density })
  expect(readDisplay(keptDisplay(read))).toEqual(read)
})
