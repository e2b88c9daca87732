/** Cases that order documents, as rows: what the tests of papers begin with. */
import { randomUUID } from 'node:crypto'
import { recordStep } from '../../prisma/store/casefile'
import type { DocumentTemplates } from '../../prisma/store/freeze-document'
import type { BodyKey, CaseId, PersonId } from '../../workflows/kernel/contract'
import type { Step, StepDocument } from '../../workflows/kernel/protocol/step'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { arrangeCase } from '../api/harness'
import type { FreshDatabase } from './database'
import { stepOfCase } from './steps'

export const BODY = 'ministryFinance' as BodyKey
export const templates = { processes, words: readWords(), publicUrl: 'https://mansap.example' }

export interface PaperCases {
  readonly newCase: (body?: BodyKey) => Promise<CaseId>
  /** a document of a kind: absent, a notice, whose template names nothing but the case and its start */
  readonly documentOf: (kind?: string) => StepDocument
  readonly stepOf: (id: CaseId, documents: readonly StepDocument[], more?: Partial<Step>) => Step
  /** a case that has ordered this document */
  readonly ordered: (document?: StepDocument, by?: DocumentTemplates) => Promise<{ id: CaseId; document: string }>
}

/** The database needs the register. */
export async function paperCases({ db, sql }: FreshDatabase): Promise<PaperCases> {
  const person = (await db.bodyRole.findFirstOrThrow({ where: { role: 'hr', bodyKey: BODY } })).personId as PersonId
  const position = (await db.position.findFirstOrThrow({ where: { unit: { bodyKey: BODY } } })).id

  const documentOf = (kind = 'lapseNotice'): StepDocument => ({
    id: randomUUID(),
    kind,
    facts: kind === 'mentorOrder' ? { mentor: person } : {},
  })
  const START = { person: '', appointedOn: '2026-03-02', actNumber: '12-ж/қ', actDate: '2026-02-27' }

  async function newCase(body = BODY): Promise<CaseId> {
    const id = (await arrangeCase(db, { body, subject: person, position })) as CaseId
    const content = randomUUID()
    await sql(
      `insert into contents (id, "caseId", body, salt, hash, "createdAt") values ($1, $2, $3, 'x', 'x', now())`,
      [content, id, JSON.stringify({ ...START, person })],
    )
    await db.command.create({
      data: {
        id: randomUUID(),
        caseId: id,
        kind: 'start',
        principal: person,
        key: randomUUID(),
        digest: 'x',
        actor: {},
        payload: {},
        contentId: content,
        receivedAt: new Date(),
        state: 'done',
      },
    })

    return id
  }

  const stepOf = (id: CaseId, documents: readonly StepDocument[], more: Partial<Step> = {}): Step =>
    stepOfCase(id, person, [], {
      ...{ version: 3, regime: 'R4', position: position as Step['position'], events: [], documents },
      ...more,
    })

  async function ordered(document = documentOf(), by: DocumentTemplates = templates) {
    const id = await newCase()
    await recordStep(db, stepOf(id, [document]), by)

    return { id, document: document.id }
  }

  return { newCase, documentOf, stepOf, ordered }
}
