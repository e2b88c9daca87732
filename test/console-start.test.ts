/** How the start form of the console names the case from whose page one comes. */
import { namingOf } from '../admin-ui/src/start/continued'

const ended = { process: 'leave@2' }
const asks = (properties: object) => ({ type: 'object', properties })
const words = asks({ why: { type: 'string' } })
const another = asks({ of: { type: 'string', 'x-widget': 'case' } })

test.each([
  ['a field of its form, if it has one', another, ['leave'], { by: 'field', field: 'of' }],
  ['a link, if its process continues such cases', words, ['leave'], { by: 'link' }],
  ['nothing, if it continues those of another process', words, ['probation'], null],
  ['nothing, if it continues none', words, [], null],
])('by %s', (_name, start, continues, naming) => {
  expect(namingOf({ start, continues }, ended)).toEqual(naming)
})
