import { readDisplay } from './display'

test.each([
  [null, 'system', 'comfortable'],
  ['', 'system', 'comfortable'],
  ['dark compact', 'dark', 'compact'],
  ['light', 'light', 'comfortable'],
  ['sepia huge', 'system', 'comfortable'],
])('what is kept of the display, %p, is read as far as it is understood', (kept, mode, density) => {
  expect(readDisplay(kept)).toEqual({ mode, density })
})
