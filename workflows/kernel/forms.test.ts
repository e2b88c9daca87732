import fc from 'fast-check'
import { z } from 'zod'
import { processes } from '../registry'
import {
  body,
  caseRef,
  date,
  factsOf,
  fieldErrors,
  file,
  fileFieldAt,
  jsonSchemaOf,
  namedIn,
  newcomer,
  person,
  position,
  text,
} from './forms'
import type { Form } from './forms'
import type { Fact } from './contract'

const everyForm: readonly (readonly [name: string, form: Form])[] = Object.entries(processes.current).flatMap(
  ([process, { forms }]) => [
    [`${process}: start`, forms.start] as const,
    ...Object.entries(forms.tasks).map(([kind, form]) => [`${process}: task ${kind}`, form] as const),
    ...Object.entries(forms.acts).map(([act, form]) => [`${process}: act ${act}`, form] as const),
  ],
)

/** What a person may fill in, and what of it a workflow may be given. */
interface Filled {
  readonly value: unknown
  readonly facts: Fact | undefined
}

const MARK = 'иә, ‹free text›'
const freeText = (min: number, max: number): fc.Arbitrary<string> => {
  const room = Math.max(1, max - MARK.length - 1)

  return fc
    .string({ unit: 'grapheme', minLength: 0, maxLength: Math.min(room, 30) })
    .map((more) => `${MARK} ${more}`.trim().slice(0, max).trim())
    .filter((each) => each.length >= min)
}
const days = fc
  .integer({ min: 0, max: 20_000 })
  .map((day) => new Date(Date.UTC(2000, 0, 1) + day * 86_400_000).toISOString().slice(0, 10))

const same = (values: fc.Arbitrary<string | number | boolean>): fc.Arbitrary<Filled> =>
  values.map((value) => ({ value, facts: value }))

/**
 * Values of a form, read from zod and not from the JSON Schema that the code under test reads. A string without a format is
 * taken for free text, whatever it is marked as: nobody may forget the mark.
 */
function filled(schema: z.core.$ZodType): fc.Arbitrary<Filled> {
  if (schema instanceof z.ZodOptional)
    return fc.oneof(fc.constant<Filled>({ value: undefined, facts: undefined }), filled(schema.unwrap()))
  if (schema instanceof z.ZodPipe) return filled(schema.in)
  if (schema instanceof z.ZodUUID) return same(fc.uuid())
  if (schema instanceof z.ZodISODate) return same(days)
  if (schema instanceof z.ZodEnum) return same(fc.constantFrom(...schema.options))
  if (schema instanceof z.ZodNumber)
    return same(fc.integer({ min: schema.minValue ?? -1000, max: schema.maxValue ?? 1000 }))
  if (schema instanceof z.ZodBoolean) return same(fc.boolean())
  if (schema instanceof z.ZodString)
    return freeText(schema.minLength ?? 0, schema.maxLength ?? 100).map((value) => ({ value, facts: undefined }))
  if (schema instanceof z.ZodArray) {
    const items = filled(schema.element)

    return fc
      .array(items, { minLength: 1, maxLength: 3 })
      .map((all) => ({ value: all.map((each) => each.value), facts: all.map((each) => each.facts ?? null) }))
  }
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<z.core.$ZodType>(schema.shape).map(([key, field]) =>
      filled(field).map((each) => ({ key, ...each })),
    )

    return fc.tuple(...fields).map((all) => ({
      value: Object.fromEntries(all.filter((each) => each.value !== undefined).map(({ key, value }) => [key, value])),
      facts: Object.fromEntries(all.filter((each) => each.facts !== undefined).map(({ key, facts }) => [key, facts])),
    }))
  }
  throw new Error(`this test does not know how to fill in ${schema._zod.def.type}`)
}

describe('the facts of a form', () => {
  test('there are forms to look at', () => {
    expect(everyForm.length).toBeGreaterThanOrEqual(1 + 10 + 6)
  })

  test.each(everyForm)('%s: all but free text, at any depth', (_, form) => {
    fc.assert(
      fc.property(filled(form), ({ value, facts }) => {
        const parsed = form.safeParse(value, { reportInput: true })
        if (!parsed.success) throw new Error(JSON.stringify(fieldErrors(parsed.error)))
        const given = factsOf(form, parsed.data)
        expect(given).toEqual(facts)
        expect(JSON.stringify(given)).not.toContain(MARK)
        // the same before validation, which transforms nothing but spaces
        expect(factsOf(form, value)).toEqual(facts)
      }),
      { numRuns: 60 },
    )
  })

  test.each(everyForm)('%s: nothing that the form does not name', (_, form) => {
    fc.assert(
      fc.property(filled(form), ({ value, facts }) => {
        expect(factsOf(form, { ...Object(value), note: MARK, deep: { note: [MARK] } })).toEqual(facts)
      }),
      { numRuns: 10 },
    )
  })

  const leaf = z.strictObject({ who: person(), words: text(), on: date() })
  const deep = z.strictObject({
    list: z.array(z.array(leaf)),
    inner: z.strictObject({ inner: leaf, words: text().optional() }).optional(),
    codes: z.array(z.enum(['a', 'b'])),
    lines: z.array(text()),
    yes: z.boolean(),
    figure: z.number(),
    none: z.null(),
  })
  const uuid = '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506'

  test('of lists in lists and objects in objects', () => {
    const [kept, value] = [
      { who: uuid, on: '2026-11-22' },
      { who: uuid, words: MARK, on: '2026-11-22' },
    ]
    expect(
      factsOf(deep, {
        list: [[value, value], [], [value]],
        inner: { inner: value, words: MARK },
        codes: ['a', 'b', 'a'],
        lines: [MARK, MARK],
        yes: false,
        figure: 0,
        none: null,
      }),
    ).toEqual({
      list: [[kept, kept], [], [kept]],
      inner: { inner: kept },
      codes: ['a', 'b', 'a'],
      // how many lines there are is a fact
      lines: [null, null],
      yes: false,
      figure: 0,
      none: null,
    })
  })

  // no form has one of these yet; whoever writes the first must not leak by it
  test.each<[string, z.ZodType, unknown]>([
    ['may be null', text().nullable(), MARK],
    ['may be null or absent', text().nullish(), MARK],
    ['has a default', text().prefault('none'), MARK],
    ['may be another thing', z.union([text(), z.number()]), MARK],
    ['is worked on further', text().transform((each) => each.trim()), MARK],
    ['is read-only', text().readonly(), MARK],
    ['is in a tuple', z.tuple([text(), z.number()]), [MARK, 1]],
    ['is in a record', z.record(z.string(), text()), { a: MARK }],
    ['is in one of two objects', z.union([z.strictObject({ words: text() }), leaf]), { words: MARK }],
    ['is in a list that may be null', z.array(text()).nullable(), [MARK]],
    ['is in an object that may be null', z.strictObject({ words: text() }).nullable(), { words: MARK }],
  ])('free text that %s is left out', (_, words, value) => {
    const form = z.strictObject({ words })
    expect(form.safeParse({ words: value }, { reportInput: true })).toHaveProperty('success', true)
    expect(JSON.stringify(factsOf(form, { words: value }))).not.toContain(MARK)
  })

  test('a fact that may be null is kept', () => {
    const form = z.strictObject({ on: date().nullable(), choice: z.enum(['a', 'b']).nullish() })
    expect(factsOf(form, { on: '2026-11-22', choice: 'a' })).toEqual({ on: '2026-11-22', choice: 'a' })
    expect(factsOf(form, { on: null, choice: null })).toEqual({ on: null, choice: null })
  })
})

describe('whom and what a form names', () => {
  const ANNA = '00000000-0000-4000-8000-000000000001'
  const OLZHAS = '00000000-0000-4000-8000-000000000002'
  const POST = '00000000-0000-4000-8000-000000000003'

  it('is found in fields, lists, groups and alternatives, with where it stands and from among whom it was chosen', () => {
    const form = z.strictObject({
      head: person(),
      members: z.array(z.strictObject({ who: person('anyone'), reason: text() })),
      deputy: z.union([z.strictObject({ who: person('party') }), z.strictObject({ none: z.literal(true) })]),
      absent: person().nullable(),
      place: position('anyone').optional(),
      office: body().optional(),
      appeals: z.array(z.strictObject({ of: caseRef() })).optional(),
    })
    const value = {
      head: ANNA,
      members: [
        { who: OLZHAS, reason: POST },
        { who: ANNA, reason: 'Knows the field' },
      ],
      deputy: { who: OLZHAS },
      absent: ANNA,
      place: POST,
      office: 'ministry',
      appeals: [{ of: POST }],
    }

    expect(namedIn(form, value)).toEqual({
      people: [
        { field: 'head', id: ANNA, scope: 'body' },
        { field: 'members.0.who', id: OLZHAS, scope: 'anyone' },
        { field: 'members.1.who', id: ANNA, scope: 'anyone' },
        { field: 'deputy.who', id: OLZHAS, scope: 'party' },
        { field: 'absent', id: ANNA, scope: 'body' },
      ],
      positions: [{ field: 'place', id: POST, scope: 'anyone' }],
      bodies: [{ field: 'office', id: 'ministry' }],
      cases: [{ field: 'appeals.0.of', id: POST }],
      files: [],
    })
    expect(namedIn(form, { head: ANNA, members: [], deputy: { none: true }, absent: null })).toEqual({
      people: [{ field: 'head', id: ANNA, scope: 'body' }],
      positions: [],
      bodies: [],
      cases: [],
      files: [],
    })
  })

  test('are files too, with what each field accepts; a field is found by its place, whatever entry of a list it is', () => {
    const scans = z.strictObject({
      scan: file(['pdf', 'jpeg']),
      pages: z
        .array(file(['png'], 1))
        .max(3)
        .optional(),
      parts: z.array(z.strictObject({ film: file(['pdf'], 200).nullable() })),
    })
    const [pdf, png, film] = [
      { kinds: ['pdf', 'jpeg'], largest: 20 * 1024 * 1024 },
      { kinds: ['png'], largest: 1024 * 1024 },
      { kinds: ['pdf'], largest: 200 * 1024 * 1024 },
    ]
    expect(
      namedIn(scans, { scan: ANNA, pages: [POST, OLZHAS], parts: [{ film: ANNA }, { film: null }] }).files,
    ).toEqual([
      { field: 'scan', id: ANNA, accepts: pdf },
      { field: 'pages.0', id: POST, accepts: png },
      { field: 'pages.1', id: OLZHAS, accepts: png },
      { field: 'parts.0.film', id: ANNA, accepts: film },
    ])
    for (const [field, accepts] of [
      ['scan', pdf],
      ['pages', png],
      ['pages.2', png],
      ['parts.7.film', film],
      ['parts', null],
      ['parts.film', null],
      ['unheardOf', null],
      ['scan.0', null],
    ] as const)
      expect([field, fileFieldAt(scans, field)]).toEqual([field, accepts])
    // history has the id and nothing else
    expect(factsOf(scans, { scan: ANNA, parts: [] })).toEqual({ scan: ANNA, parts: [] })
    expect(() => file(['pdf'], 201)).toThrow('at most 200 MB')
  })
})

describe('what is wrong with a form', () => {
  const errorsOf = (form: Form, value: unknown): Record<string, string> | null => {
    const parsed = form.safeParse(value, { reportInput: true })

    return parsed.success ? null : fieldErrors(parsed.error)
  }
  const form = z.strictObject({
    note: text(10),
    on: date(),
    who: person(),
    where: position().optional(),
    choice: z.enum(['yes', 'no']),
    number: z.int().min(1).max(99),
    goals: z
      .array(z.strictObject({ goal: text(10), by: date() }))
      .min(1)
      .max(2),
  })
  const right = {
    note: 'note',
    on: '2026-11-22',
    who: '6f1c2a34-5b6d-4e7f-8a90-b1c2d3e4f506',
    choice: 'yes',
    number: 7,
    goals: [{ goal: 'goal', by: '2026-12-01' }],
  }
  const but = (more: object): object => ({ ...right, ...more })
  const without = (key: string): object => Object.fromEntries(Object.entries(right).filter(([each]) => each !== key))

  test('nothing', () => {
    expect(errorsOf(form, right)).toBeNull()
    expect(errorsOf(form, but({ where: right.who }))).toBeNull()
  })

  test.each<[string, unknown, Record<string, string>]>([
    ['a text that is missing', without('note'), { note: 'required' }],
    ['a date that is missing', without('on'), { on: 'required' }],
    ['a person who is missing', without('who'), { who: 'required' }],
    ['a number that is missing', without('number'), { number: 'required' }],
    ['a list that is missing', without('goals'), { goals: 'required' }],
    ['a choice that is missing', without('choice'), { choice: 'required' }],
    ['an empty text', but({ note: '' }), { note: 'required' }],
    ['a text of spaces', but({ note: ' \t\n ' }), { note: 'required' }],
    ['a text that is too long', but({ note: 'x'.repeat(11) }), { note: 'tooLong' }],
    ['a number where text belongs', but({ note: 7 }), { note: 'type' }],
    ['text where a number belongs', but({ number: '7' }), { number: 'type' }],
    ['half a number', but({ number: 1.5 }), { number: 'type' }],
    ['no number', but({ number: null }), { number: 'type' }],
    ['text where a list belongs', but({ goals: 'goal' }), { goals: 'type' }],
    ['a number that is too small', but({ number: 0 }), { number: 'tooSmall' }],
    ['a number that is too big', but({ number: 100 }), { number: 'tooBig' }],
    ['an empty list', but({ goals: [] }), { goals: 'tooSmall' }],
    ['a list that is too long', but({ goals: [...right.goals, ...right.goals, ...right.goals] }), { goals: 'tooBig' }],
    ['another choice', but({ choice: 'perhaps' }), { choice: 'option' }],
    ['no id', but({ who: 'Aigul' }), { who: 'format' }],
    ['no id where none is needed', but({ where: '' }), { where: 'format' }],
    [
      'two fields of an item',
      but({ goals: [{ goal: '', by: 'soon' }] }),
      { 'goals.0.goal': 'required', 'goals.0.by': 'date' },
    ],
    ['a field nobody asked for', but({ extra: 1 }), { extra: 'unknown' }],
    ['two of them', but({ extra: 1, more: 2 }), { extra: 'unknown', more: 'unknown' }],
    ['one in an item', but({ goals: [{ goal: 'goal', by: '2026-12-01', extra: 1 }] }), { 'goals.0.extra': 'unknown' }],
    ['no form', 'text', { form: 'type' }],
    ['nothing at all', undefined, { form: 'required' }],
  ])('%s', (_, value, errors) => {
    expect(errorsOf(form, value)).toEqual(errors)
  })

  test.each([
    '2026-02-30',
    '2025-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-1-5',
    '22.11.2026',
    '2026-11-22T00:00:00Z',
    ' 2026-11-22',
    '20261122',
    '',
  ])('“%s” is no date', (on) => {
    expect(errorsOf(form, but({ on }))).toEqual({ on: 'date' })
  })

  test.each(['2028-02-29', '2026-12-31', '2000-02-29'])('%s is one', (on) => {
    expect(errorsOf(form, but({ on }))).toBeNull()
  })

  test.each(['1899-12-31', '2200-01-01', '9999-12-31'])('%s is one from which no term can be counted', (on) => {
    expect(errorsOf(form, but({ on }))).toEqual({ on: 'outsideCalendar' })
  })

  test('a rule of the form itself: its own code, or that it is not accepted', () => {
    const between = z
      .strictObject({ from: date(), to: date() })
      .refine((value) => value.from <= value.to, { path: ['to'], message: 'beforeFrom' })
    const upsideDown = between.safeParse({ from: '2026-11-22', to: '2026-11-21' }, { reportInput: true })
    expect(upsideDown.error && fieldErrors(upsideDown.error)).toEqual({ to: 'beforeFrom' })
    const never = z
      .strictObject({ on: date().refine(() => false) })
      .safeParse({ on: '2026-11-22' }, { reportInput: true })
    expect(never.error && fieldErrors(never.error)).toEqual({ on: 'invalid' })
  })

  test.each(everyForm)('%s: a field it does not name is refused, however deep', (_, each) => {
    fc.assert(
      fc.property(filled(each), ({ value }) => {
        expect(errorsOf(each, value)).toBeNull()
        expect(errorsOf(each, { ...Object(value), surprise: 1 })).toEqual({ surprise: 'unknown' })
        for (const [key, items] of Object.entries<unknown>(Object(value)))
          if (Array.isArray(items) && items.every((item) => typeof item === 'object'))
            expect(
              errorsOf(each, { ...Object(value), [key]: items.map((item) => ({ ...Object(item), surprise: 1 })) }),
            ).toEqual(Object.fromEntries(items.map((_item, i) => [`${key}.${String(i)}.surprise`, 'unknown'])))
      }),
      { numRuns: 10 },
    )
  })

  test.each(everyForm)('%s: each date it asks for exists', (_, each) => {
    const dates = Object.entries<z.core.$ZodType>(each.shape).filter(
      ([, field]) => field instanceof z.ZodPipe && field.in instanceof z.ZodISODate,
    )
    for (const [key] of dates) expect(errorsOf(each, { [key]: '2026-02-30' })).toMatchObject({ [key]: 'date' })
  })
})

test('the form a person sees names widgets and marks free text', () => {
  const form = z.strictObject({
    who: newcomer(240),
    post: position('body').optional(),
    on: date(),
    words: text(),
    line: text(300).optional(),
  })
  expect(jsonSchemaOf(form)).toMatchObject({
    type: 'object',
    additionalProperties: false,
    required: ['who', 'on', 'words'],
    properties: {
      who: { 'x-widget': 'person', 'x-scope': 'newcomers', 'x-appointed-within': 240 },
      post: { 'x-widget': 'position', 'x-scope': 'body' },
      on: { format: 'date' },
      words: { 'x-content': true, 'x-widget': 'text', maxLength: 4000 },
      line: { 'x-content': true, maxLength: 300 },
    },
  })
  expect(jsonSchemaOf(form)).toBe(jsonSchemaOf(form))
})

test('a text of which nothing can be seen is no text, and what nobody sees is no part of one', () => {
  const form = z.strictObject({ words: text(5) })
  for (const words of ['\u200B\u200B', '\u00A0\u3000', '\uFEFF', '\u2060 \u00AD']) {
    const parsed = form.safeParse({ words }, { reportInput: true })
    expect(parsed.error && fieldErrors(parsed.error)).toEqual({ words: 'required' })
  }
  expect(form.parse({ words: '\u200B\u00A0слово\u200B ' })).toEqual({ words: 'слово' })
})
