import { classOfFailure, framesOf } from './thrown'

const AT = '    at /product/workflows/story.ts:81:42'

describe('what was thrown is told by its class, never by what it says', () => {
  test.each([
    [
      'a failed task',
      { message: 'Aigul is ill', stackTrace: `bundle.js:6627\n   throw it\n\nUnforeseen: Aigul is ill\n${AT}` },
      'Unforeseen',
    ],
    [
      'of several lines',
      { message: 'is ill:\nAigul: since May', stackTrace: `Error: is ill:\nAigul: since May\n${AT}` },
      'Error',
    ],
    [
      'a failure that says its class',
      { type: 'RecordRefused', message: 'Aigul: is ill', stackTrace: '' },
      'RecordRefused',
    ],
    ['a stack that tells of something else', { message: 'Aigul: is ill', stackTrace: `Aigul\n${AT}` }, null],
    ['no message', { message: '', stackTrace: `Error\n${AT}` }, null],
    ['nothing', {}, null],
  ])('%s', (_, failure, name) => {
    expect(classOfFailure(failure)).toBe(name)
  })

  test('and by where it was thrown', () => {
    expect(framesOf(`Error: Aigul\nis ill\n${AT}\n${AT}`)).toBe(`${AT}\n${AT}`)
  })
})
