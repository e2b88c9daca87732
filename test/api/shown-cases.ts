/** Every answer in tests of the API: the entries of the access log name the cases of which it shows something, and no others. */
import type { AnswerCheck } from '../../api/http/route'
import type { Db } from '../../prisma/store/db'
import { UNNAMED } from '../../workflows/kernel/contract'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const IDS = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return ID.test(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []

  return [...Object.keys(value).filter((name) => ID.test(name)), ...Object.values(value).flatMap(idsIn)]
}

/** The cases that these ids name, or whose tasks, documents, comments or files they name. */
async function casesOf(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.sql.rows<{ id: string }>`
    select id from cases where id = any(${[...ids]}::uuid[])
    union select "caseId" from tasks where id = any(${[...ids]}::uuid[])
    union select "caseId" from documents where id = any(${[...ids]}::uuid[])
    union select "caseId" from comments where id = any(${[...ids]}::uuid[])
    union select c.id from files f join commands m on m.id = f."commandId" and m.state = 'done' join cases c on c.id = m."caseId"
      where f.id = any(${[...ids]}::uuid[])`

  return new Set(rows.map(({ id }) => id))
}

/** Where the outcome of a start is told: of one without a name it is a receipt, and the log would name who sent it. */
const RECEIPTS = ['get /api/commands/:id', 'post /api/processes/:process/cases']
const startedUnnamed = async (db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await db.sql.rows<{ id: string }>`
    select "caseId" as id from commands where kind = 'start' and principal = any(${[...UNNAMED]}::text[])
      and "caseId" = any(${[...ids]}::uuid[])`

  return new Set(rows.map(({ id }) => id))
}

/** What somebody typed and did not send. */
const OWN = '/api/drafts/:address'

/** Says by a code that there is a case about somebody, and not which. */
const UNNAMED_REFUSAL = 'get /api/processes/:process/start/refused'

/** Throws unless the entries name exactly the cases of which the answer shows something. */
export const shownCases =
  (db: Db): AnswerCheck =>
  async ({ spec, params, reply, looks }) => {
    const door = `${spec.method} ${spec.path}`
    const noted = new Set(looks.flatMap(({ cases }) => cases.map(String)))
    const [shown, addressed] = await Promise.all([
      casesOf(db, idsIn(JSON.parse(JSON.stringify(reply.body ?? null)))),
      // an address may spell an id in capitals, or as a part of the address of a form
      casesOf(db, JSON.stringify(params).toLowerCase().match(IDS) ?? []),
    ])
    const unnoted = door.endsWith(OWN) ? [] : [...shown].filter((id) => !noted.has(id))
    const receipts = RECEIPTS.includes(door) ? await startedUnnamed(db, unnoted) : new Set<string>()
    const missing = unnoted.filter((id) => !receipts.has(id))
    const extra = door === UNNAMED_REFUSAL ? [] : [...noted].filter((id) => !shown.has(id) && !addressed.has(id))
    if (missing.length + extra.length > 0)
      throw new Error(`${door}: shown and not noted: ${missing.join()}; noted and not shown: ${extra.join()}`)
  }
