/** The page of one case: where it stands, and the acts that may be performed on it. */
import { peopleByIds } from '../../prisma/store/accounts'
import { annulmentOf } from '../../prisma/store/annulments'
import { linksOf } from '../../prisma/store/case-links'
import { clocksOf, termNames, type CaseRow } from '../../prisma/store/cases'
import { isUnverified, type Actor } from '../../workflows/kernel/contract'
import { actKinds, isKernelAct, isRehearsalAct, schemaOf } from '../../workflows/kernel/kernel-forms'
import { caseToday } from '../../workflows/kernel/law/case-clock'
import { caseRef, isOffered, mayDo, policyCase, seesCase } from '../policy/cases'
import type { Service } from '../service/service'
import type { ActView, AnnulmentView, CaseDetail } from '../shapes/views'
import { answersOf, completed, earlierAnswers, prefilled } from './answers-given'
import { caseView } from './case-view'
import { commissionsOf } from './commissions'
import { hidingCases } from './hidden-cases'
import { OPEN, offeredAct, offersOf } from './offer-view'
import { standstillOf } from './standstill'
import { stuckOf } from './stuck'

const LINKS_SHOWN = 20

/** By which case, when and why it was annulled, for those who may find that case. */
async function annulmentView({ db, processes }: Service, actor: Actor, row: CaseRow): Promise<AnnulmentView | null> {
  const annulment = row.annulled ? await annulmentOf(db, row.id) : null
  const by = annulment && caseRef(actor, annulment.by)
  if (!by) return null
  const { process, version } = annulment.by

  return {
    by: { ...by, process: processes.keyOf(process, version) },
    on: annulment.on,
    ground: annulment.ground,
  }
}

/** Acts that the actor may perform on the case now. */
async function actsOf(service: Service, actor: Actor, row: CaseRow): Promise<ActView[]> {
  const process = service.processes.of(row.process, row.version)
  if (!process || row.status !== 'open') return []
  const file = policyCase(row)
  const allowed = Object.entries(actKinds(process)).flatMap(([act, kind]) => {
    const verdict = mayDo(actor, act, kind, file)
    const isNow = isOffered(act, row) && (!kind.during || kind.during.includes(row.stage))

    return verdict.may && isNow ? [{ act, kind, capacities: [...verdict.capacities] }] : []
  })
  const forms = allowed.flatMap(({ act }) => {
    const form = offeredAct(service, process, act, row)

    return form ? [form] : []
  })
  const [answers, shownFacts, offers] = await Promise.all([
    allowed.length > 0 ? answersOf(service, actor, row.id) : [],
    hidingCases(service, actor, [row.facts]),
    offersOf(service, process, { ...row, caseId: row.id }, actor, forms),
  ])
  const given = earlierAnswers(completed(answers))

  return allowed.flatMap(({ act, kind, capacities }) => {
    const form = forms.find(({ name }) => name === act)?.form
    const initial = isKernelAct(act) ? {} : shownFacts(prefilled(service, process, act, { given, facts: row.facts }))

    return form
      ? [
          {
            act,
            form: schemaOf(form),
            offer: offers[act] ?? OPEN,
            initial,
            turn: kind.turn === true,
            capacities,
          },
        ]
      : []
  })
}

export async function caseDetail(service: Service, actor: Actor, row: CaseRow): Promise<CaseDetail> {
  const { db } = service
  const { content } = seesCase(actor, row)
  const terms = row.law.terms ?? []
  const rules = row.law.rules ?? []
  const [clocks, acts, people, commissions, standstill, stuck, links, annulment, names] = await Promise.all([
    clocksOf(db, row.id),
    actsOf(service, actor, row),
    peopleByIds(db, Object.values(row.parties)),
    commissionsOf(service, row, content),
    standstillOf(service, row.id, actor),
    stuckOf(service, row.id, actor),
    linksOf(db, actor, row, { most: LINKS_SHOWN, opening: content }),
    annulmentView(service, actor, row),
    termNames(
      db,
      terms.map((term) => term.id),
    ),
  ])

  return {
    ...caseView(actor, row, service.processes),
    step: row.step,
    today: caseToday(row.clock, service.now()),
    clocks,
    acts: content ? acts : acts.filter(({ act }) => isRehearsalAct(act)),
    commissions,
    parties: Object.entries(row.parties).flatMap(([part, id]) => {
      const person = people.get(id)

      return person ? [{ part, person }] : []
    }),
    terms: terms.map((term) => ({
      ...term,
      name: names.get(term.id) ?? { kk: term.key, ru: term.key, en: term.key },
      unverified: isUnverified(term.confidence),
    })),
    rules: rules.map(({ key, value, confidence, source }) => ({
      key,
      value,
      confidence,
      source,
      unverified: isUnverified(confidence),
    })),
    clock: row.rehearsal === null ? null : { speed: row.clock.speed, held: row.clock.speed === 0 },
    standstill,
    stuck,
    annulment,
    links: {
      count: links.count,
      shown: links.rows.map(({ part, as, other }) => ({
        part,
        as,
        case: other && {
          id: other.id,
          number: other.number,
          process: service.processes.keyOf(other.process, other.version),
          stage: other.stage,
          status: other.status,
          outcome: other.outcome,
          annulled: other.annulled,
        },
      })),
    },
  }
}
