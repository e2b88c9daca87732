/** An official edits one sentence of a template, and no program is touched: new papers say it, and what was ordered before does not. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { contentOfDocument } from '../../prisma/store/documents'
import { paperBytes, takePapers } from '../../prisma/store/papers'
import { make } from '../../worker/papers/making'
import { settingInThread } from '../../worker/papers/setting'
import { paperOf } from '../../workflows/paper'
import { readWords } from '../../workflows/words'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { paperCases, templates, type PaperCases } from '../support/paper-cases'

const log = pino({ level: 'silent' })
const setting = settingInThread()
const WORKFLOWS = path.join(__dirname, '..', '..', 'workflows')
const FILE = path.join('probation', 'papers', 'mentorOrder.ru.txt')
const [BEFORE, AFTER] = ['Наставник закрепляется на весь испытательный срок', 'Наставник назначается до конца срока']

let database: FreshDatabase
let cases: PaperCases
let folder: string

beforeAll(async () => {
  database = await freshDatabase({ register: true })
  cases = await paperCases(database)
  folder = mkdtempSync(path.join(tmpdir(), 'templates-'))
  for (const owner of ['kernel', 'probation'])
    cpSync(path.join(WORKFLOWS, owner), path.join(folder, owner), { recursive: true })
})
afterAll(async () => {
  await setting.stop()
  await database.drop()
  rmSync(folder, { recursive: true })
})

/** What is ordered by a release that has the templates of the folder as they are now. */
const order = async () =>
  (await cases.ordered(cases.documentOf('mentorOrder'), { ...templates, words: readWords(folder) })).document
const makeAll = async () => {
  for (let taken = await takePapers(database.db, 10); taken.length > 0; taken = await takePapers(database.db, 10))
    await Promise.all(taken.map((paper) => make({ db: database.db, log, setting }, paper)))
}
const bytesOf = async (document: string) => (await paperBytes(database.db, document, 'ru'))?.sha256
const saidIn = async (document: string) => {
  const frozen = await contentOfDocument(database.db, document)

  return frozen && JSON.stringify(paperOf(frozen, 'ru'))
}

test('a sentence of a template is edited: new papers say it; old bytes, and what was ordered before and is made after, do not', async () => {
  const made = await order()
  await makeAll()
  const [sum, waiting] = [await bytesOf(made), await order()]
  const file = path.join(folder, FILE)
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(BEFORE)
  writeFileSync(file, text.replace(BEFORE, AFTER))
  const later = await order()
  await makeAll()
  expect([await bytesOf(made), sum]).toEqual([sum, expect.any(String)])
  for (const [document, says, saysNot] of [
    [made, BEFORE, AFTER],
    [waiting, BEFORE, AFTER],
    [later, AFTER, BEFORE],
  ] as const) {
    expect(await saidIn(document)).toContain(says)
    expect(await saidIn(document)).not.toContain(saysNot)
  }
  // each template is a template of its own in the bytes too
  const templatesOf = await database.sql(
    `select "documentId" as id, template from paper_renderings where language = 'ru' and "documentId" = any($1::uuid[])`,
    [[made, waiting, later]],
  )
  const template = (document: string) => templatesOf.find(({ id }) => id === document)?.['template']
  expect(template(waiting)).toBe(template(made))
  expect(template(later)).not.toBe(template(made))
})
