/**
 * Whatever people write, in every field of every form of every process, and whatever they, their posts and their bodies are called: on a page and on a paper
 * it is text. The fields are those of the forms, so that a new one is among them.
 */
import { renderDocument } from '../../api/views/document-html'
import { fileName } from '../../api/service/file-name'
import { typesetter } from '../../worker/papers/typesetting'
import type { DocumentTemplates, SourceAnswer } from '../../prisma/store/freeze-document'
import { LOCALES, type IsoDate, type Name } from '../../workflows/kernel/contract'
import { jsonSchemaOf, type Form } from '../../workflows/kernel/forms'
import { inEnglish, ordering, sample, templates } from './samples'

const MARKUP = `"><script>alert('x')</script><img src=x onerror=alert(1)>#panic()$x$%{number}\u202e&`
const named = (who: string): Name => ({ kk: `${who}${MARKUP}`, ru: `${who}${MARKUP}`, en: `${who}${MARKUP}` })

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value of a schema in which every text that anybody may write is marked with its place. */
function marked(schema: unknown, place: string, marks: string[]): unknown {
  if (!isRecord(schema)) return null
  const alternatives: unknown = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(alternatives))
    return marked(
      alternatives.find((each) => isRecord(each) && each['type'] !== 'null'),
      place,
      marks,
    )
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  switch (schema['type']) {
    case 'object': {
      const fields: unknown = schema['properties']

      return isRecord(fields)
        ? Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, marked(of, `${place}.${name}`, marks)]))
        : {}
    }
    case 'array':
      return [marked(schema['items'], place, marks)]
    case 'string': {
      if (schema['format'] === 'date') return '2026-03-02'
      if (typeof schema['format'] === 'string') return '00000000-0000-4000-8000-000000000001'
      marks.push(place)

      return `${place}|${MARKUP}`
    }
    case 'integer':
    case 'number':
      return 1
    default:
      return schema['type'] === 'boolean'
  }
}
const written = (form: Form, place: string, marks: string[]): unknown => marked(jsonSchemaOf(form), place, marks)

/** Nothing of it has become markup: no element of its own, and no attribute that ends early. */
function expectText(html: string): void {
  expect(html).not.toContain('<script')
  expect(html).not.toContain('<img')
  expect(html).not.toContain('">&')
}

const { render } = typesetter()

test.each(ordering.map((process) => [process.contract.name, process] as const))(
  'every text of every form of %s is text on a page, and a paper is made of it',
  (name, { contract, forms }) => {
    const marks: string[] = []
    const tasks = { ...forms.tasks, ...forms.acts }
    const answers = Object.entries(tasks).map(([kind, form], step): SourceAnswer => ({
      ...{ kind, on: '2026-03-02' as IsoDate, answer: null, content: written(form, kind, marks) },
      ...{
        by: named('answerer'),
        byId: null,
        position: named('post'),
        capacity: null,
        step,
        bodyKey: 'ministryFinance',
      },
    }))
    const startForm = written(forms.start, 'start', marks)
    const fields = isRecord(startForm) ? Object.keys(startForm) : []
    const [kind = ''] = Object.keys(contract.documents)
    // a template that names everything that anybody may write
    const body = [...Object.keys(tasks).map((of) => `%{${of}}`), ...fields.map((of) => `- ${of}: %{${of}?}`)].join('\n')
    const owner = templates.processes.keyOf(name, contract.version)
    const words = Object.fromEntries(
      LOCALES.map((locale) => [
        locale,
        {
          ...templates.words[locale],
          [owner]: { ...templates.words[locale][owner], documents: { [kind]: { title: 'Title', body } } },
        },
      ]),
    )
    const all: DocumentTemplates = { ...inEnglish, words: { ...templates.words, ...words } }
    const document = sample(kind, { process: name, version: contract.version, with: all, more: { answers, startForm } })
    expect(marks.length).toBeGreaterThan(3)
    for (const locale of LOCALES) {
      const html = renderDocument(document, locale)
      expectText(html)
      for (const place of marks) expect(html).toContain(`${place}|&quot;&gt;&lt;script&gt;`)
      expect(render(document, locale).bytes.byteLength).toBeGreaterThan(1000)
    }
  },
)

test.each(
  ordering.flatMap(({ contract: { name, version, documents } }) =>
    Object.keys(documents).map((kind) => [name, kind, version] as const),
  ),
)('names of people, posts and bodies are text on every paper: %s, %s', (process, kind, version) => {
  const known = sample(kind, { process, version, written: MARKUP, with: inEnglish })
  const document = {
    ...known,
    issuer: named('issuer'),
    ...(known.signatory && {
      signatory: { ...known.signatory, by: named('signatory'), position: named('post'), capacity: named('capacity') },
    }),
    values: { ...known.values, subject: { words: named('subject') }, position: { words: named('position') } },
  }
  for (const locale of LOCALES) {
    const html = renderDocument(document, locale)
    expectText(html)
    expect(html).toContain('issuer&quot;&gt;&lt;script&gt;')
    expect(render(document, locale).bytes.byteLength).toBeGreaterThan(1000)
  }
})

test('the name of a file keeps nothing that could be markup', () => {
  expect(fileName(MARKUP, 'pdf')).not.toMatch(/[<>"\u202e/\\]/)
})
