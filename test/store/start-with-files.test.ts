/** What goes with a start is stored with it, or not at all: a start whose file is gone leaves nothing behind and takes nothing away. */
import { randomUUID } from 'node:crypto'
import { newContent, storeCommand, type NewCommand } from '../../prisma/store/commands'
import type { CaseId, CommandId, FileId, PersonId } from '../../workflows/kernel/contract'
import { arrangeCase } from '../api/harness'
import { freshDatabase, type FreshDatabase } from '../support/database'

let database: FreshDatabase
let person: PersonId
let closed: CaseId
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  const holder = await database.db.bodyRole.findFirstOrThrow({ where: { role: 'hr', bodyKey: 'ministryFinance' } })
  person = holder.personId as PersonId
  closed = (await arrangeCase(database.db, {
    ...{ body: 'ministryFinance', subject: person, status: 'closed' },
  })) as CaseId
})
afterAll(() => database.drop())
beforeEach(async () => {
  await database.db.formDraft.deleteMany()
  const data = { personId: person, address: 'start:inquiry:ministryFinance', form: { why: 'x' } }
  await database.db.formDraft.create({ data: { ...data, version: 1, writer: 'w', savedAt: new Date() } })
})

async function uploaded(): Promise<FileId> {
  const [id, sha256] = [randomUUID() as FileId, randomUUID()]
  await database.sql(`insert into file_blobs values ($1, 1, 'pdf', gen_random_uuid(), now())`, [sha256])
  await database.sql(
    `insert into files (id, sha256, name, "uploadedById", "uploadedAt") values ($1, $2, 'a.pdf', $3, now())`,
    [id, sha256, person],
  )

  return id
}

/** A start that names nobody, continues a closed case and brings files. */
const startWith = (...ids: FileId[]): NewCommand => ({
  ...{ id: randomUUID() as CommandId, caseId: randomUUID() as CaseId, kind: 'start', act: null },
  ...{ principal: 'unnamed', key: randomUUID(), digest: 'd', actor: {}, payload: { message: {} }, task: null },
  content: newContent({ text: 'x' }),
  unnamed: { drafts: { person, process: 'inquiry' }, who: newContent({ person }) },
  files: { ids, by: person, unnamed: true },
  continues: closed,
})
/** What there is of a start, by what the statement writes. */
async function left({ caseId }: NewCommand): Promise<Record<string, number>> {
  const where = { caseId }

  return {
    commands: await database.db.command.count({ where }),
    contents: await database.db.content.count({ where }),
    links: await database.db.caseLink.count({ where: { fromId: caseId } }),
    drafts: await database.db.formDraft.count(),
  }
}

test('a start whose file is gone leaves no link and no name, and his draft stays', async () => {
  const start = startWith(await uploaded(), randomUUID() as FileId)
  expect(await storeCommand(database.db, start)).toEqual({ stored: false, why: 'filesUsed' })
  expect(await left(start)).toEqual({ commands: 0, contents: 0, links: 0, drafts: 1 })
})

test('one whose files are there has all of it, and his draft is gone', async () => {
  const start = startWith(await uploaded(), await uploaded())
  expect(await storeCommand(database.db, start)).toMatchObject({ stored: true })
  expect(await left(start)).toEqual({ commands: 1, contents: 2, links: 1, drafts: 0 })
})
