/** Cases that nobody starts in person: their commands, stored as what people send is, and sent by the same loop. */
import { randomUUID } from 'node:crypto'
import type { CaseId, CommandId, Sender } from '../../workflows/kernel/contract'
import { factsOf, namedIn } from '../../workflows/kernel/forms'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { About, Process, Processes, StartForm } from '../../workflows/kernel/process'
import type { RegisterName, RowChange } from '../../workflows/kernel/register'
import { caseInput, realClock } from '../../workflows/kernel/start'
import { placeOf } from './cases'
import { newContent, refOf } from './commands'
import type { Sql } from './db'
import { refusedStart } from './linked-cases'
import { ownedFactsOf, type OwnedFacts, type ProcessStores } from './process-store'
import { actingDay, factsOfNamed } from './register-facts'
import { KEEPER } from './register-sight'
import type { Told } from './register-trail'

/** A start that is known by its key: stored a second time it starts nothing. */
export interface NewStart {
  readonly process: Process
  readonly sender: Extract<Sender, { readonly by: unknown }>
  readonly key: string
  readonly form: StartForm
  /** what the process knows of people and positions of its own */
  readonly owned: OwnedFacts
}

/** Stores starts, each once however often it is stored, in a transaction or each for itself. Answers how many are new. */
export async function storeStarts(sql: Sql, starts: readonly NewStart[], now: number): Promise<number> {
  if (starts.length === 0) return 0
  const rows = await Promise.all(starts.map((start) => rowOf(sql, start, now)))

  return sql.run`
    with starts as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, "caseId" uuid, principal text, key text,
        actor jsonb, payload jsonb, "contentId" uuid, body jsonb, salt text, hash text, state text, outcome jsonb)
    ), told as (
      insert into commands (id, "caseId", kind, principal, key, digest, actor, payload, "contentId", "receivedAt", state,
        outcome, "finishedAt")
      select id, "caseId", 'start', principal, key, '', actor, payload, "contentId", ${instant(now)}::timestamptz, state,
        outcome, case when state <> 'stored' then now() end from starts
      on conflict (principal, key) do nothing returning id
    )
    insert into contents (id, "caseId", body, salt, hash, "createdAt")
    select "contentId", "caseId", body, salt, hash, ${instant(now)}::timestamptz from starts join told using (id)`
}

/** The processes of an installation and what they own in the store. */
interface Served {
  readonly processes: Processes
  readonly stores: ProcessStores | undefined
}

const startedBy = <R extends RegisterName>({ starts }: Process, change: RowChange<R>): readonly StartForm[] =>
  starts?.changed?.[change.register]?.(change) ?? []

/**
 * Starts, by the system, what processes say that a row of the register starts, in the transaction that changes it. `ask` puts a question to
 * a process, which may fail: the row is not changed then.
 */
export const startsByRow =
  ({ processes, stores }: Served, now: () => number, ask: <T>(kind: string, question: () => T) => T): Told =>
  async <R extends RegisterName>(tx: Sql, change: RowChange<R>) => {
    const { register, id, seq } = change
    const starting = Object.values(processes.current).filter(({ contract }) => contract.startedBy.includes('register'))
    const starts = starting.flatMap((process) => {
      const { name } = process.contract
      const forms = ask(`${name}/${register}`, () =>
        startedBy(process, change).map((form) => process.forms.start.parse(form)),
      )

      return forms.map((form, n): NewStart => ({
        process,
        sender: { by: 'system' },
        key: `register/${register}/${id}/${String(seq)}/${name}/${String(n)}`,
        form,
        owned: ownedFactsOf({ processes, stores }, name),
      }))
    })
    await storeStarts(tx, starts, now())
  }

/** Where the case of such a start belongs: nobody starts it, so that its form has to say. */
function placeSaid({ position, body, case: other }: About): Parameters<typeof placeOf>[1] {
  if (position) return { position }
  if (body) return { body }
  if (other) return { case: other }
  throw new Error('a start that nobody makes in person names neither a position, a body nor a case')
}

async function rowOf(sql: Sql, { process, sender, key, form, owned }: NewStart, now: number) {
  const { forms } = process
  const content = forms.start.parse(form)
  const facts = factsOf(forms.start, content)
  const about = process.aboutOf(facts, null)
  const place = await placeOf({ sql }, placeSaid(about))
  const { errors, people, positions } = await factsOfNamed({ sql }, namedIn(forms.start, content), {
    ...{ on: actingDay(now), today: actingDay(now), subject: about.person ?? null, owned },
    by: KEEPER,
  })
  const [id, caseId] = [randomUUID() as CommandId, randomUUID() as CaseId]
  const kept = newContent(content)
  const ref = refOf(kept)
  const starting = { case: caseId, process, about, rehearsal: null, startedBy: sender, form: facts }
  const input = place && {
    ...caseInput({ ...starting, body: place.body, clock: realClock(place, now), named: { people, positions } }),
    content: ref,
  }
  const refused = errors
    ? refusedStart(id, 'form.invalid', { errors })
    : place === null
      ? refusedStart(id, 'open.unknownBody')
      : null

  return {
    id,
    caseId,
    principal: sender.by,
    key,
    actor: sender,
    payload: { input, message: { command: id, actor: sender, receivedAt: instant(now), content: ref } },
    contentId: kept.id,
    body: content,
    salt: kept.salt,
    hash: kept.hash,
    state: refused?.state ?? 'stored',
    outcome: refused?.outcome ?? null,
  }
}
