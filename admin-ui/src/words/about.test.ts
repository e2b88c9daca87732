import type { AboutView, BodyRef, Name } from '../../../api/shapes/views'
import { aboutLine } from './about'

const of = (en: string): Name => ({ kk: en, ru: en, en })
const words = {
  name: (said: Name | null | undefined) => said?.en ?? '',
  t: (key: string, values: Record<string, unknown> = {}) => `${key}(${String(values['number'])})`,
}
const body: BodyRef = { key: 'b', name: of('Its own body') }
const nothing: AboutView = { subject: null, position: null, aboutBody: null, aboutCase: null }
const subject = { id: 'p', name: of('Somebody') }
const position = { id: 'o', name: of('A position') }
const aboutBody = { key: 'c', name: of('Another body') }
const aboutCase = { id: 'd', number: 'I-7' }

test.each<[string, Partial<AboutView>, string]>([
  ['a person before all else', { subject, position, aboutBody, aboutCase }, 'Somebody'],
  ['a position', { position, aboutBody, aboutCase }, 'A position'],
  ['a body', { aboutBody, aboutCase }, 'Another body'],
  ['another case, by its number', { aboutCase }, 'app.cases.otherCase(I-7)'],
  ['nothing that the reader may be told: its own body', {}, 'Its own body'],
])('a case is shown to be about %s', (_what, about, line) => {
  expect(aboutLine(words, { ...nothing, ...about, body })).toBe(line)
})
