/** Every answer in tests of the API: the entries of the access log name the cases of which it shows something, and no others. */
import type { AnswerCheck } from '../../api/http/route'
import type { Db } from '../../prisma/store/db'

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return ID.test(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []

  return [...Object.keys(value).filter((name) => ID.test(name)), ...Object.values(value).flatMap(idsIn)]
}

/** The cases that these ids name, or whose tasks or documents they name. */
async function casesOf(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.sql.rows<{ id: string }>`
    select id from cases where id = any(${[...ids]}::uuid[])
    union select "caseId" from tasks where id = any(${[...ids]}::uuid[])
    union select "caseId" from documents where id = any(${[...ids]}::uuid[])`

  return new Set(rows.map(({ id }) => id))
}

/** What somebody sent himself, with its outcome, and what he typed and did not send. */
const OWN = ['get /api/commands/:id', 'post /api/processes/:process/cases', '/api/drafts/:address']

/** Says by a code that there is a case about somebody, and not which. */
const UNNAMED = 'get /api/processes/:process/start/refused'

/** Throws unless the entries name exactly the cases of which the answer shows something. */
export const shownCases =
  (db: Db): AnswerCheck =>
  async ({ spec, params, reply, looks }) => {
    const door = `${spec.method} ${spec.path}`
    const noted = new Set(looks.flatMap(({ cases }) => cases.map(String)))
    const [shown, addressed] = await Promise.all([
      casesOf(db, idsIn(JSON.parse(JSON.stringify(reply.body)))),
      // an address may spell an id in capitals
      casesOf(db, idsIn(JSON.parse(JSON.stringify(params).toLowerCase()))),
    ])
    const isOwn = OWN.some((own) => door.endsWith(own))
    const missing = isOwn ? [] : [...shown].filter((id) => !noted.has(id))
    const extra = door === UNNAMED ? [] : [...noted].filter((id) => !shown.has(id) && !addressed.has(id))
    if (missing.length + extra.length > 0)
      throw new Error(`${door}: shown and not noted: ${missing.join()}; noted and not shown: ${extra.join()}`)
  }
