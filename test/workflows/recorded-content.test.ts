/** What recorded histories of appeals hold: ids, codes, days and rows of the law, and nothing that anybody wrote or is called. */
import { recordedHistories } from '../support/histories'

const appeals = recordedHistories().filter(({ name }) => name.startsWith('appeal-'))
/** What the register says of a term: its source and unit are words of the law and not of a person. */
const OF_THE_LAW = ['source', 'unit']
/** Fields of the forms of an appeal in which people write. */
const WRITTEN = ['grounds', 'objections', 'opinion']

type Said = readonly [field: string, text: string]

/** Every text, with the field that holds it. */
function textsIn(value: unknown, field = ''): Said[] {
  if (typeof value === 'string') return [[field, value]]
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, field))
  if (typeof value !== 'object' || value === null) return []

  return Object.entries(value).flatMap(([name, inner]) => [[name, ''] as const, ...textsIn(inner, name)])
}

/** Payloads are base64 in the JSON of a history. */
const payloadsOf = (history: object): unknown[] =>
  [...JSON.stringify(history).matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(
    ([, coded = '']) => JSON.parse(Buffer.from(coded, 'base64').toString()) as unknown,
  )

test('there are histories of appeals, which say what was asked and ruled', () => {
  const all = JSON.stringify(appeals.flatMap(({ history }) => payloadsOf(history)))
  for (const said of ['"asks":"cancel"', '"decision"', '"upheld"', '"design default']) expect(all).toContain(said)
})

test.each(appeals)('$name holds no name, no free text and no answer of a person', ({ history }) => {
  const said = payloadsOf(history).flatMap((payload) => textsIn(payload))
  // a name has a letter of Kazakh or Russian in it, and a sentence a space
  const words = said.filter(([field, text]) => !OF_THE_LAW.includes(field) && /[^\x21-\x7e]/.test(text))
  expect(words).toEqual([])
  expect(said.filter(([field]) => WRITTEN.includes(field))).toEqual([])
})
