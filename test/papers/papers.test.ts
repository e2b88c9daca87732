/** The papers of probation: what stands in them, that nothing anybody wrote is read as a template, and that they are the same bytes for ever. */
import { typesetter } from '../../worker/papers/typesetting'
import { charactersOf, settable } from '../../worker/papers/glyphs'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { LOCALES, type Locale } from '../../workflows/kernel/contract'
import { numbered, paperOf, type Paper } from '../../workflows/paper'
import { processes } from '../../workflows/registry'
import { inEnglish, PEOPLE, sample, templates } from './samples'
import sums from './sums.json'
import { sumsOfSamples } from './sums'

const probations = processes.all.filter(({ contract }) => contract.name === 'probation')
const papers = probations.flatMap(({ contract: { version, documents } }) =>
  Object.keys(documents).flatMap((kind) => LOCALES.map((locale) => [version, kind, locale] as const)),
)
const textOf = (paper: Paper): string => JSON.stringify(paper)

test.each(papers)(
  'version %i, %s, %s: has its heading, number, date, body and signatory, and nothing left open',
  (version, kind, locale) => {
    const document = sample(kind, { version })
    const paper = paperOf(document, locale)
    expect(paper.unfilled).toEqual([])
    expect(paper).toMatchObject({
      number: numbered(document.number, locale),
      date: '31.08.2026',
      issuer: document.issuer[locale],
    })
    expect(paper.title).not.toBe('')
    expect(paper.blocks.length).toBeGreaterThan(2)
    expect(textOf(paper)).toContain(PEOPLE.servant[locale])
    const isDecided =
      (probations.find(({ contract }) => contract.version === version)?.contract.decidedBy?.[kind] ?? []).length > 0
    expect(paper.signatory !== null).toBe(isDecided)
    if (isDecided) expect(paper.signatory).toMatchObject({ capacity: expect.any(String), position: expect.any(String) })
    expect(textOf(paper)).not.toMatch(/%\{/)
  },
)

test('the reply of the Agency is issued and signed by the Agency', () => {
  for (const locale of LOCALES) {
    const { issuer, signatory } = paperOf(sample('agencyReply'), locale)
    expect(issuer).toMatch(/агент|agency/i)
    expect(signatory).toMatchObject({ by: PEOPLE.agency[locale] })
  }
})

test('an order that rests on an article names it, with what is known of the law of the case', () => {
  expect(textOf(paperOf(sample('mentorOrder'), 'ru'))).toContain('п. 4 ст. 20 Закона 2015 года')
  expect(textOf(paperOf(sample('dismissalAct', { more: { regime: 'R5' } }), 'ru'))).toContain(
    'Закон 2026 года: текст не прочитан, не проверено',
  )
})

const ARTICLE = { kk: /20-бабының \d[\d-]*-тармағы/, ru: /п\. \d[\d-]* ст\. 20/, en: /art\. 20\(\d[\d-]*\)/ }
const UNVERIFIED = { kk: 'тексерілмеген', ru: 'не проверен', en: 'unverified' }
const KINDS = Object.keys(probations[0]?.contract.documents ?? {})

test.each(KINDS.flatMap((kind) => LOCALES.map((locale) => [kind, locale] as const)))(
  '%s in %s cites an article of the law of its case, or says that none is known, and does something',
  (kind, locale) => {
    // a note says of the form of a document that it is not verified, and nothing of its law
    const said = (regime: string) =>
      paperOf(sample(kind, { more: { regime } }), locale).blocks.filter(({ is }) => is !== 'note')
    const text = JSON.stringify(said('R4'))
    expect(ARTICLE[locale].test(text) || text.includes(UNVERIFIED[locale])).toBe(true)
    // of the law of 2026 nobody has read a word
    const later = JSON.stringify(said('R5'))
    expect(later).not.toMatch(ARTICLE[locale])
    expect(later).toContain(UNVERIFIED[locale])
    expect(said('R4').some(({ is }) => is === 'paragraph')).toBe(true)
  },
)

test('a paper is in the languages of the state, and in English where the contract says so', () => {
  expect(sample('mentorOrder').languages).toEqual(['kk', 'ru'])
  expect(sample('mentorOrder', { with: inEnglish }).languages).toEqual(['kk', 'ru', 'en'])
})

test('the reply of the Agency names the request that it answers, and the act the reply, as each language writes a number', () => {
  for (const [locale, sign] of [
    ['kk', '№'],
    ['ru', '№'],
    ['en', 'No.'],
  ] as const) {
    expect(textOf(paperOf(sample('agencyReply'), locale))).toContain(`${sign} 2026-AR-000007, 20.08.2026`)
    expect(textOf(paperOf(sample('dismissalAct'), locale))).toContain(`${sign} 2026-AA-000003, 28.08.2026`)
    expect(paperOf(sample('mentorOrder'), locale).number).toBe(`${sign} 2026-MO-000042`)
  }
})

test('a document that names another which its case does not have is no paper', () => {
  expect(paperOf(sample('agencyReply', { more: { documents: [] } }), 'ru').unfilled).toEqual(['agencyRequest'])
})

test('the notice of a lapse says that no law is known for its rule', () => {
  const said = { kk: 'тексерілмеген', ru: 'не проверена', en: 'unverified' }
  for (const locale of LOCALES)
    expect(paperOf(sample('lapseNotice'), locale).blocks).toContainEqual(
      expect.objectContaining({ is: 'fact', text: expect.stringContaining(said[locale]) }),
    )
})

test('samples are the same bytes as ever: see test/papers/sums.ts', () => {
  expect(sumsOfSamples()).toEqual(sums)
})

describe('what is made', () => {
  const { render } = typesetter()
  const made = (kind: string, language: Locale, written?: string) =>
    render(sample(kind, written === undefined ? {} : { written }), language)

  test('is a PDF/A-2b of the day of the document, with its fonts in it', () => {
    const { bytes } = made('mentorOrder', 'kk')
    const text = Buffer.from(bytes).toString('latin1')
    expect(text).toMatch(/^%PDF-1\.7/)
    expect(text).toContain('<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>')
    expect(text).toContain('/CreationDate (D:20260831000000Z)')
    expect(text).toMatch(/\/FontFile[23]? /)
    expect(text).not.toMatch(/FontName \/[A-Z]+\+(?!Tinos)/)
  })

  test.each(Object.keys(probations[0]?.contract.documents ?? {}))(
    'has what PDF/A-2b requires and nothing that it forbids, in every language: %s',
    (kind) => {
      for (const language of LOCALES) {
        const text = Buffer.from(made(kind, language).bytes).toString('latin1')
        const count = (pattern: RegExp): number => [...text.matchAll(pattern)].length
        // one intent, with the profile of its colours
        expect(count(/\/Type \/OutputIntent\b/g)).toBe(1)
        expect(text).toMatch(/\/S \/GTS_PDFA1\b/)
        expect(text).toMatch(/\/DestOutputProfile \d+ 0 R/)
        expect(text).not.toMatch(/\/Device(?:RGB|CMYK)\b/)
        // its marks, where they can be read without a filter
        const [, metadata = ''] = /<\?xpacket begin([^]*?)<\?xpacket end/.exec(text) ?? []
        expect(metadata).toContain('<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>')
        expect(text).toMatch(/\/Metadata \d+ 0 R/)
        expect(text).toMatch(/\/ID \[\(/)
        // every font in it, with what its letters mean
        const fonts = count(/\/Type \/FontDescriptor\b/g)
        expect(fonts).toBeGreaterThan(0)
        expect(count(/\/FontFile[23]? \d+ 0 R/g)).toBe(fonts)
        expect(count(/\/Subtype \/Type0\b/g)).toBe(fonts)
        expect(count(/\/ToUnicode \d+ 0 R/g)).toBe(fonts)
        expect(text).not.toMatch(/\/Subtype \/(?:Type1|TrueType|Type3)\b/)
        // no encryption, no programs, nothing from elsewhere
        expect(text).not.toMatch(/\/(?:Encrypt|JavaScript|JS|Launch|OpenAction|AA|EmbeddedFiles?|XFA|LZWDecode|URI)\b/)
      }
    },
  )

  test.each([
    '#panic("taken over")',
    '#import "/etc/passwd"',
    '$ x^2 $ [a] *bold* _it_ `raw` = Heading @ref <label> \\ \\u{41}',
    '%{number} %{subject}',
    '<script>alert("x")</script> & \'so\'',
    '‮gnorw‬ ‏שלום‎ مرحبا ⁧x⁩',
    '😀 你好 \u0000\u0007\u200b\ufeff e\u0301',
    'ұ'.repeat(5000),
    'first\nsecond\r\nthird\tfourth',
    '"}]}\\"',
  ])('takes as text whatever a person wrote: %s', (written) => {
    for (const kind of ['agencyRequest', 'agencyReply'])
      expect(made(kind, 'ru', written).bytes.length).toBeGreaterThan(10_000)
    expect(textOf(paperOf(sample('agencyReply', { written }), 'ru'))).not.toContain('2026-MO-000042 Утегенова')
  })

  test('names people by whatever stands in the register', () => {
    const subject = { kk: '#eval("1")', ru: '*x* $y$ #{', en: '[z]' }
    for (const language of ['kk', 'ru'] as const)
      expect(render(sample('dismissalAct', { more: { subject } }), language).bytes.length).toBeGreaterThan(10_000)
  })

  test('is not made at all when its template names what is not there', () => {
    const body = templates.words.ru['probation']
    const documents = {
      ...(typeof body?.['documents'] === 'object' ? body['documents'] : {}),
      mentorOrder: { title: 'T', body: 'One %{nobody} two' },
    }
    const words = { ...templates.words, ru: { ...templates.words.ru, probation: { ...body, documents } } }
    expect(() => render(sample('mentorOrder', { with: { ...templates, words } }), 'ru')).toThrow(
      /mentorOrder names what is not there: nobody/,
    )
    expect(() => render(sample('mentorOrder', { more: { position: null } }), 'ru')).toThrow(
      /names what is not there: position/,
    )
  })

  test('follows a sentence of its template that is changed, and nothing else does', () => {
    const words = structuredClone(templates.words) as unknown as Record<
      Locale,
      Record<string, { documents: Record<string, { body: string }> }>
    >
    const order = words.kk['probation']?.documents['mentorOrder']
    if (!order) throw new Error('no such template')
    order.body = order.body.replace('БҰЙЫРАМЫН', 'ҚАУЛЫ ЕТЕМІН')
    const changed = render(sample('mentorOrder', { with: { ...templates, words: words } }), 'kk')
    const before = made('mentorOrder', 'kk')
    expect(changed.sha256).not.toBe(before.sha256)
    expect(changed.template).not.toBe(before.template)
    expect(made('mentorOrder', 'kk').sha256).toBe(before.sha256)
  })
})

test('the font has every letter of Kazakh and Russian', () => {
  const folder = path.dirname(require.resolve('@expo-google-fonts/tinos/package.json'))
  const fonts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ttf'))
  expect(fonts).toHaveLength(4)
  const letters = 'АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЪЫІЬЭЮЯ«»—–№'
  for (const font of fonts) {
    const characters = charactersOf(readFileSync(path.join(folder, font)))
    for (const text of [letters, letters.toLowerCase()]) expect(settable(text, characters)).toBe(text)
  }
})

test('what the font lacks is written by its number, and marks that turn the order are left out', () => {
  const some = new Set([...'ab 1'].map((char) => char.codePointAt(0) ?? 0))
  expect(settable('a😀b\u202e1\u0000\t\r\nb', some)).toBe('a[U+1F600]b1 \nb')
})
