/** A document's page follows from what was frozen and the language, and shows what people wrote as text. */
import { LOCALES, type IsoDate } from '../../workflows/kernel/contract'
import type {
  FrozenDocument,
  FrozenOfFormat2,
  FrozenOfFormat3,
  FrozenValue,
} from '../../workflows/kernel/protocol/document'
import { renderDocument } from './document-html'

const words = (text: string) => ({ kk: `${text} kk`, ru: `${text} ru`, en: `${text} en` })
const same = (text: string) => ({ kk: text, ru: text, en: text })

type Older = Exclude<FrozenDocument, FrozenOfFormat2 | FrozenOfFormat3>
const frozen = (body: string, more: Partial<Older> = {}): Older => ({
  format: 1,
  process: 'probation',
  version: 1,
  kind: 'letter',
  template: { version: 'x', title: words('Letter'), body: same(body) },
  number: '2026-000007',
  issuedOn: '2026-03-02' as IsoDate,
  answers: [],
  remarks: [],
  ...more,
  values: { body: { words: words('Ministry') }, date: { text: '02.03.2026' }, ...more.values },
})
const main = (document: FrozenDocument): string =>
  /<main>(.*)<\/main>/s.exec(renderDocument(document, 'en'))?.[1] ?? 'no main'

const list: FrozenValue = { items: [{ text: 'one' }, { words: words('two') }] }
const goals: FrozenValue = {
  items: [{ fields: [{ name: 'goal', label: words('Goal'), value: { text: 'Learn' } }] }],
}
const review = {
  kind: 'review',
  title: words('Review'),
  fields: [{ name: 'grounds', label: words('Grounds'), value: { text: 'Late\n twice' } }],
  on: '01.03.2026',
  signed: { by: words('Akhmetova'), position: words('Head'), capacity: null },
}

test.each<readonly [what: string, document: FrozenDocument, page: string]>([
  ['a line each', frozen('One\n\nTwo'), '<p>One</p><p>Two</p>'],
  ['a value in its language', frozen('At: %{body}'), '<p>At: Ministry en</p>'],
  ['a value of every language', frozen('On %{date}'), '<p>On 02.03.2026</p>'],
  ['a name that nothing is known of', frozen('[%{nobody}]'), '<p>[]</p>'],
  ['a name of the language itself', frozen('[%{constructor}] [%{review.constructor}]'), '<p>[] []</p>'],
  ['a list in a sentence', frozen('%{list}!', { values: { list } }), '<p>one two en!</p>'],
  ['a list alone', frozen(' %{list} ', { values: { list } }), '<ol><li>one</li><li>two en</li></ol>'],
  ['an empty list alone', frozen('%{list}', { values: { list: { items: [] } } }), '<p>—</p>'],
  [
    'fields in a list',
    frozen('%{goals}', { values: { goals } }),
    '<ol><li><dl><dt>Goal en</dt><dd>Learn</dd></dl></li></ol>',
  ],
  ['fields in a sentence', frozen('%{goals}.', { values: { goals } }), '<p>Goal en Learn.</p>'],
  ['a field of an answer', frozen('So: %{review.grounds}.', { answers: [review] }), '<p>So: Late twice.</p>'],
  [
    'a list of an answer alone',
    frozen('%{review.goals}', {
      answers: [{ ...review, fields: [{ name: 'goals', label: words('Goals'), value: list }] }],
    }),
    '<ol><li>one</li><li>two en</li></ol>',
  ],
  [
    'an answer alone, signed',
    frozen('%{review}', { answers: [review] }),
    '<section><h2>Review en</h2><dl><dt>Grounds en</dt><dd>Late\n twice</dd></dl><p>Akhmetova en, Head en, 01.03.2026</p></section>',
  ],
  [
    'an answer signed in a capacity',
    frozen('%{review}', { answers: [{ ...review, fields: [], signed: { ...review.signed, capacity: words('HR') } }] }),
    '<section><h2>Review en</h2><dl></dl><p>Akhmetova en, Head en, HR en, 01.03.2026</p></section>',
  ],
  [
    'an answer of nobody known',
    frozen('%{review}', { answers: [{ ...review, fields: [], signed: null }] }),
    '<section><h2>Review en</h2><dl></dl></section>',
  ],
])('the template and its values: %s', (_what, document, page) => {
  expect(main(document)).toBe(page)
})

const EVIL = `<script>alert("x")</script> & 'so'`
const SAFE = '&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;so&#39;'
const evil: FrozenValue = { text: EVIL }

test.each<readonly [where: string, document: FrozenDocument]>([
  ['the title', frozen('', { template: { version: 'x', title: same(EVIL), body: same('') } })],
  ['the body', frozen('', { template: { version: 'x', title: same(''), body: same(EVIL) } })],
  ['the number', frozen('', { number: EVIL })],
  ['a remark', frozen('', { remarks: [same(EVIL)] })],
  ['the name of the body', frozen('', { values: { body: { words: same(EVIL) } } })],
  ['the date', frozen('', { values: { date: evil } })],
  ['a value in a sentence', frozen('%{value}', { values: { value: evil } })],
  ['an item of a list', frozen('%{value}', { values: { value: { items: [evil] } } })],
  [
    'a label',
    frozen('%{value}', {
      values: { value: { items: [{ fields: [{ name: 'x', label: same(EVIL), value: { text: '' } }] }] } },
    }),
  ],
  ['a field of an answer', frozen('%{review.x}', { answers: [answerOf({ fields: [field(evil)] })] })],
  ['a whole answer', frozen('%{review}', { answers: [answerOf({ fields: [field(evil)] })] })],
  ['the title of an answer', frozen('%{review}', { answers: [answerOf({ title: same(EVIL) })] })],
  [
    'a signature',
    frozen('%{review}', { answers: [answerOf({ signed: { by: same(EVIL), position: null, capacity: null } })] }),
  ],
])('is shown as text, whoever wrote it: %s', (_where, document) => {
  for (const locale of LOCALES) {
    const page = renderDocument(document, locale)
    expect(page).toContain(SAFE)
    expect(page).not.toContain('<script')
  }
})

function field(value: FrozenValue) {
  return { name: 'x', label: same('X'), value }
}
function answerOf(more: Partial<FrozenDocument['answers'][number]>): FrozenDocument['answers'][number] {
  return { ...review, ...more }
}

test('what a person wrote is not read as a template', () => {
  expect(main(frozen('%{value}', { values: { value: { text: '%{body}' } } }))).toBe('<p>%{body}</p>')
})

test('the head of the page says whose, which and of what kind the document is', () => {
  const page = renderDocument(frozen('', { remarks: [words('Rehearsal')] }), 'kk')
  expect(page).toContain('<html lang="kk">')
  expect(page).toContain('<span>Ministry kk</span><span>№ 2026-000007, 02.03.2026</span>')
  expect(page).toContain('<p><strong>Rehearsal kk</strong></p><h1>Letter kk</h1>')
})

describe('a document that is issued by the body of whoever decided it', () => {
  const signatory = {
    label: words('Decided by'),
    by: words('Akhmetova'),
    position: words('Head'),
    capacity: words('Official'),
    on: '01.03.2026',
  }
  const issued = (body: string, more: Partial<FrozenOfFormat2> = {}): FrozenOfFormat2 => ({
    ...frozen(body),
    format: 2,
    issuer: words('Agency'),
    signatory,
    ...more,
  })

  test('has that body above it, and says below by whom, in which position and capacity it was decided', () => {
    const page = renderDocument(issued(''), 'en')
    expect(page).toContain('<span>Agency en</span><span>No. 2026-000007, 02.03.2026</span>')
    expect(page).toContain(
      '</main><footer><p>Decided by en: Akhmetova en, Head en, Official en, 01.03.2026</p></footer></body>',
    )
  })

  test('has nothing below where no official decided it, as one of the format before never has', () => {
    for (const document of [issued('', { signatory: null }), frozen('')])
      expect(renderDocument(document, 'en')).toContain('</main></body>')
  })

  test('says that an answer was not given, and nothing of a decision that was not asked for', () => {
    const missed = { ...review, fields: [], signed: null, missed: words('Not given.') }
    expect(main(issued('%{review}', { answers: [missed] }))).toBe(
      '<section><h2>Review en</h2><p>Not given. en</p></section>',
    )
    expect(main(issued('%{review}'))).toBe('')
    expect(main(frozen('%{review}'))).toBe('<p></p>')
  })

  test('shows all of it as text', () => {
    const page = renderDocument(
      issued('', { issuer: same(EVIL), signatory: { ...signatory, by: same(EVIL), label: same(EVIL) } }),
      'ru',
    )
    expect(page.split(SAFE)).toHaveLength(4)
    expect(page).not.toContain('<script')
  })
})
