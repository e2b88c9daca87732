/** Documents as rows: frozen by the step that orders them, in few statements; and those that were issued without. */
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { recordStep } from '../../prisma/store/casefile'
import type { Db, Sql } from '../../prisma/store/db'
import { damagedDocuments, documentById, frozenDocument, unfrozenDocuments } from '../../prisma/store/documents'
import type { DocumentTemplates } from '../../prisma/store/freeze-document'
import { openingOf } from '../../prisma/store/opening'
import { freezeOlderDocuments } from '../../worker/documents'
import type { BodyKey, CaseId, PersonId } from '../../workflows/kernel/contract'
import { openingQuestion } from '../../workflows/kernel/protocol/opening'
import type { Step, StepDocument } from '../../workflows/kernel/protocol/step'
import { contract } from '../../workflows/probation/contract'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { arrangeCase, arrangeTask } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { at, on, stepOfCase } from '../support/steps'

const BODY = 'ministryFinance' as BodyKey
const templates: DocumentTemplates = { processes, words: readWords() }

let database: FreshDatabase
let db: Db
let person: PersonId

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  db = database.db
  person = (await db.bodyRole.findFirstOrThrow({ where: { role: 'hr', bodyKey: BODY } })).personId as PersonId
})
afterAll(() => database.drop())

const letter = (more: Partial<StepDocument> = {}): StepDocument => ({
  id: randomUUID(),
  kind: 'mentorOrder',
  facts: { mentor: person },
  ...more,
})
const stepOf = (id: CaseId, documents: readonly StepDocument[], more: Partial<Step> = {}): Step =>
  stepOfCase(id, person, [], { version: contract.version, events: [], documents, ...more })
const newCase = async () => (await arrangeCase(db, { body: BODY, subject: person })) as CaseId
const frozen = async (id: string, by: DocumentTemplates = templates) => {
  const row = await documentById(db, id)
  if (!row) throw new Error('no such document')

  return frozenDocument(db, by, row)
}
/** A document of the release before: in its row, and not frozen. */
async function older(): Promise<string> {
  const document = letter()
  await recordStep(db, stepOf(await newCase(), [document]), { ...templates, broughtBack: true })

  return document.id
}
const rename = (surname: string) =>
  db.person.update({ where: { id: person }, data: { surnameKk: surname, surnameRu: surname, surnameEn: surname } })

/** The database, and how many statements its transactions have been given. */
function counted(): { readonly db: Db; readonly statements: () => number } {
  let statements = 0
  const count = (tx: Sql): Sql => ({
    rows: (parts, ...values) => {
      statements += 1
      return tx.rows(parts, ...values)
    },
    run: (parts, ...values) => {
      statements += 1
      return tx.run(parts, ...values)
    },
  })
  const sql: Db['sql'] = { ...db.sql, transaction: (work) => db.sql.transaction((tx) => work(count(tx))) }
  const through = new Proxy(db, { get: (target, key): unknown => (key === 'sql' ? sql : Reflect.get(target, key)) })

  return { db: through, statements: () => statements }
}

test.each([
  ['none: as few as ever', 0, 4],
  ['one: what it is made of, its number, its rows', 1, 7],
  ['five: as many as for one', 5, 7],
])('statements of a step by the documents it orders: %s', async (_what, documents, statements) => {
  const through = counted()
  const step = stepOf(
    await newCase(),
    Array.from({ length: documents }, () => letter()),
  )
  await recordStep(through.db, step, templates)
  expect(through.statements()).toBe(statements)
})

test('documents of one step have numbers one after another in the series of their kind, and each says its own', async () => {
  const [id, documents] = [await newCase(), [letter(), letter(), letter({ kind: 'reviewSheet', facts: {} })]]
  await recordStep(db, stepOf(id, documents), templates)
  const given = new Map(
    (await db.document.findMany({ where: { caseId: id } })).map((row) => [row.id, row.number] as const),
  )
  const numbers = documents.map((document) => given.get(document.id) ?? '')
  const first = Number(/^2026-MO-(\d{6})$/.exec(numbers[0] ?? '')?.[1])
  expect(numbers.slice(0, 2)).toEqual([0, 1].map((n) => `2026-MO-${String(first + n).padStart(6, '0')}`))
  expect(numbers[2]).toMatch(/^2026-RS-\d{6}$/)
  for (const [i, { id: document }] of documents.entries())
    expect(await frozen(document)).toMatchObject({
      number: numbers[i],
      issuedOn: on,
      values: { number: { text: numbers[i] } },
    })
})

test('a step that is recorded twice at once has issued its document once', async () => {
  const [id, document] = [await newCase(), letter()]
  const step = stepOf(id, [document])
  await Promise.all([recordStep(db, step, templates), recordStep(db, step, templates)])
  await recordStep(db, step, templates)
  expect(await db.document.count({ where: { caseId: id } })).toBe(1)
  expect(await db.content.count({ where: { caseId: id } })).toBe(1)
  expect(await frozen(document.id)).toMatchObject({ kind: 'mentorOrder' })
})

test('a document ordered when the case is opened has the number of the case', async () => {
  const id = randomUUID() as CaseId
  const document = letter()
  const opening = await openingOf(db, openingQuestion(contract, { body: BODY, on, regime: null, form: null }))
  await recordStep(db, stepOf(id, [document], { n: 1, opening }), templates)
  const { number } = await db.case.findUniqueOrThrow({ where: { id } })
  expect(number).toMatch(/^2026-\d{6}$/)
  expect(await frozen(document.id)).toMatchObject({ values: { caseNumber: { text: number } } })
})

test.each([
  ['before the handover, by the former body', 1, BODY],
  ['after it, by the new one', 2, 'akimat.karaganda'],
])('a document is issued by the body in which its decision was given: %s', async (_when, answeredStep, issuer) => {
  const id = await newCase()
  const content = randomUUID()
  await db.content.create({ data: { id: content, caseId: id, body: {}, salt: '', hash: '', createdAt: new Date() } })
  const answered = {
    answer: {},
    answerContentId: content,
    answeredById: person,
    answeredAt: at,
    answeredOn: new Date(on),
  }
  const task = await arrangeTask(db, id, { kind: 'appointMentor', state: 'completed', person })
  await db.task.update({ where: { id: task }, data: { ...answered, answeredStep } })
  const former = { body: BODY, agency: 'civilServiceAgency' as BodyKey, zone: 'Asia/Almaty', at, step: 2, until: on }
  const document = letter()
  const body = 'akimat.karaganda' as BodyKey
  await recordStep(db, stepOf(id, [document], { n: 3, body, formerBodies: [former] }), templates)
  expect((await documentById(db, document.id))?.issuer.key).toBe(issuer)
})

test('a document of the release before is frozen once, by whoever reads it first, and says so', async () => {
  const id = await older()
  await rename('Before')
  const [first, second] = await Promise.all([frozen(id), frozen(id)])
  expect(second).toEqual(first)
  expect(first?.values['subject']).toMatchObject({ words: { en: expect.stringMatching(/^Before /) } })
  expect(first?.remarks).toMatchObject([{ en: expect.stringContaining('after the day of issue') }])
  await rename('After')
  expect(await frozen(id)).toEqual(first)
  expect(await db.content.count({ where: { id: (await documentById(db, id))?.contentId ?? '' } })).toBe(1)
})

test('a worker that starts freezes what the release before has issued', async () => {
  const ids = [await older(), await older()]
  const log = pino({ level: 'silent' })
  await freezeOlderDocuments({ db, log, templates }).done
  expect(await unfrozenDocuments(db, null, 100)).toEqual([])
  await rename('Long after')
  for (const id of ids) expect(JSON.stringify(await frozen(id))).not.toContain('Long after')
})

test.each([
  ['lost', 'lost', `delete from contents where id = $1::uuid`],
  ['changed', 'changed', `update contents set body = jsonb_set(body, '{number}', '"2026-999999"') where id = $1::uuid`],
  ['changed, and its hash with it', 'changed', `update contents set body = '{}', hash = 'x' where id = $1::uuid`],
])('a document whose content is %s is not shown, and is named', async (_what, what, spoil) => {
  const [id, document] = [await newCase(), letter()]
  await recordStep(db, stepOf(id, [document]), templates)
  const row = await documentById(db, document.id)
  expect(await damagedDocuments(db, [id])).toEqual([])
  await database.sql(spoil, [row?.contentId])
  expect(await frozen(document.id)).toBeNull()
  expect(await damagedDocuments(db, [id])).toMatchObject([{ case: id, number: row?.number, what }])
})
