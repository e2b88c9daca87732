/** What a document is made of: the last answers up to its step of the kinds its template names, and the names they mention. */
import { peopleByIds } from '../../prisma/store/accounts'
import { startFormOf, type CaseRow, type DocumentRow } from '../../prisma/store/cases'
import { givenAnswers } from './answers-given'
import type { Service } from '../service/service'
import type { AnswerView, Name } from '../shapes/views'

export interface Made {
  /** fields of the start form, and what was said when the document was ordered */
  readonly facts: Readonly<Record<string, unknown>>
  readonly answers: readonly AnswerView[]
  /** person or position id → name */
  readonly names: ReadonlyMap<string, Name>
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const idsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return UUID.test(value) ? [value] : []
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(idsIn)

  return []
}

export async function answersFor(
  service: Service,
  document: DocumentRow,
  file: CaseRow,
  kinds: ReadonlySet<string>,
): Promise<Made> {
  const { db } = service
  const { facts } = document.made
  const all = (await givenAnswers(service, file.id, document.step)).filter(({ kind }) => kinds.has(kind))
  // of a kind that was answered more than once, what was said last
  const answers = [...new Map(all.map((answer) => [answer.kind, answer])).values()]
  const told = { ...(await startFormOf(db, file.id)), ...(isRecord(facts) ? facts : {}) }
  const ids = [...new Set([...answers.flatMap((answer) => idsIn(answer.answer)), ...idsIn(told)])]
  const [people, positions] = await Promise.all([
    peopleByIds(db, ids),
    db.position.findMany({ where: { id: { in: ids } } }),
  ])
  const names = new Map<string, Name>(
    positions.map(({ id, nameKk, nameRu, nameEn }) => [id, { kk: nameKk, ru: nameRu, en: nameEn }]),
  )
  for (const [id, person] of people) names.set(id, person.name)

  return { facts: told, answers, names }
}
