/** Appeals of the decisions of a case, as its page shows them: what became of each, and whether the reader may appeal now. */
import { appealsOf, type AppealRow, type LinkedCase } from '../../prisma/store/case-links'
import type { CaseRow } from '../../prisma/store/cases'
import type { Db } from '../../prisma/store/db'
import { regimeOn, ruleRowsThere } from '../../prisma/store/law'
import { isAppealing, KERNEL_ENDS, type AppealsKind, type BodyKey, type IsoDate } from '../../workflows/kernel/contract'
import { startsAs } from '../../workflows/kernel/law/policy'
import type { Viewer } from '../../workflows/kernel/law/sight'
import type { Process } from '../../workflows/kernel/process'
import type { DecisionRecord } from '../../workflows/kernel/protocol/step'
import type { Service } from '../service/service'
import type { DecisionView, LinkedCaseView } from '../shapes/views'
import { standingOf } from './case-view'

/** The other case of a link, to whoever finds it. */
export const linkedCaseView = (
  { processes }: Pick<Service, 'processes'>,
  viewer: Viewer,
  other: LinkedCase,
): LinkedCaseView => ({
  id: other.id,
  number: other.number,
  process: processes.keyOf(other.process, other.version),
  ...standingOf(viewer, other),
})

type Appealing = Process & { readonly contract: { readonly appeals: AppealsKind } }
const appeals = (process: Process): process is Appealing => isAppealing(process.contract)

/** Says of a decision of the case which appeals of it the reader finds, and whether he may appeal it today. */
export async function appealsIn(
  service: Pick<Service, 'db' | 'processes'>,
  viewer: Viewer,
  row: CaseRow,
  today: IsoDate,
): Promise<(decision: DecisionRecord, stands: boolean) => Pick<DecisionView, 'appeals' | 'mayAppeal'>> {
  const appealing = Object.values(service.processes.current).filter(appeals)
  const facts = Object.fromEntries(appealing.map(({ contract: { name, appeals } }) => [name, appeals.fact]))
  const isDecided = (row.decisions ?? []).length > 0
  const found = isDecided && appealing.length > 0 ? await appealsOf(service.db, viewer, row, facts) : []
  const isConcerned = row.seen.subject === viewer.actor.person
  const ruleOf = ({ appealableBy }: Process, kind: string) =>
    appealableBy?.({ process: row.process, kind, facts: row.facts }) ?? null
  const rules = appealing.flatMap((process) => (row.decisions ?? []).map(({ kind }) => ruleOf(process, kind)))
  const saidYes = isConcerned ? await rulesThatSayYes(service.db, rules, today) : []

  return (decision, stands) => {
    const ofIt = found.filter(({ document }) => document === decision.document)
    const inTime = decision.deliveredOn !== null && decision.appealBy !== null && today <= decision.appealBy.on
    const by = appealing.find(
      (process) =>
        process.contract.appeals.decisions[row.process]?.includes(decision.kind) &&
        startsAs(viewer.actor, process.contract.startedBy, row.body.key as BodyKey)?.includes('self') &&
        [null, ...saidYes].includes(ruleOf(process, decision.kind)) &&
        ofIt.every((each) => leavesOpen(process.contract.appeals, each)),
    )?.contract

    return {
      appeals: ofIt.map(({ since, case: other }) => ({ since, case: linkedCaseView(service, viewer, other) })),
      mayAppeal:
        by && isConcerned && stands && inTime
          ? { process: by.name, body: row.body.key, form: formOf(by.appeals, row, decision) }
          : null,
    }
  }
}

/** Those of the rules that say yes in the regime of the day, by which an appeal would begin. */
async function rulesThatSayYes(db: Db, keys: readonly (string | null)[], on: IsoDate): Promise<readonly string[]> {
  const asked = [...new Set(keys.flatMap((key) => key ?? []))]
  const regime = asked.length > 0 ? await regimeOn(db, on) : null
  if (regime === null) return []

  return (await ruleRowsThere(db, asked, regime)).flatMap(({ key, value }) => (value === true ? [key] : []))
}

/** After this appeal the decision may be appealed again. */
const leavesOpen = ({ again }: AppealsKind, { case: { status, outcome } }: AppealRow): boolean =>
  status === 'closed' && [...again, ...KERNEL_ENDS].some((end) => end === outcome)

/** What the start form says of the decision. */
const formOf = ({ fields }: AppealsKind, { id }: CaseRow, { kind }: DecisionRecord): Record<string, string> => ({
  [fields.case]: id,
  [fields.kind]: kind,
})
