/** The appeal of a decision: accepted if in time, heard by another body, and carried out: what was done is taken back, in one effect. */
import { openCase } from '../kernel/casefile'
import type { CaseFile } from '../kernel/casefile'
import type { Closing, Due, IsoDate, PersonId } from '../kernel/contract'
import type { AppealOutcome, CaseInput } from '../kernel/protocol/messages'
import { contract, type End } from './contract'
import type { Outcome, StartForm } from './forms'
import {
  appealedOf,
  decidedFirst,
  effectSince,
  firstFacts,
  hearingAlone,
  namedIn,
  preparing,
  rowOf,
  rulebook,
  whyNot,
  type Appeal,
} from './rules'

type File = CaseFile<Appeal>

/** What the hearing came to. */
interface Ruled {
  readonly outcome: Exclude<Outcome, 'return'>
  readonly effectiveFrom?: IsoDate | undefined
  /** it was returned, and decided so by other people; whether a paper says it, which the first release of appeals did not make */
  readonly anew: { readonly onPaper: boolean } | null
}

export async function appeal(input: CaseInput<StartForm>): Promise<Closing> {
  const servant = input.subject as PersonId

  return openCase<Appeal, StartForm>(
    contract,
    rulebook,
    input,
    firstFacts(input.form, servant, input.body),
    async (file) => {
      const { case: of, document } = input.form
      const receivedOn = file.receivedOn
      const ask = async () => {
        const decision = await file.consult((register) => register.appealedDecision({ case: of, kind: document }))
        const why = whyNot(decision, { document, servant, receivedOn }, (key) => file.rule(key).value)

        return { decision, why }
      }
      const asked = await ask()
      if (asked.why || !asked.decision) return file.refuse(asked.why ?? { code: 'notDecided' })
      // one at a time: an appeal that was decided stands in the way for good, one that was withdrawn does not (D)
      const only = await file.attempt('hold', { case: input.case, key: `appeal/${asked.decision.document}` })
      if (!only.taken) return file.refuse({ code: 'appealOpen' })
      // another may have been decided between the question and the hold
      const { decision, why } = await ask()
      if (why || !decision) return file.refuse(why ?? { code: 'notDecided' })
      if (decision.document !== asked.decision.document) return file.refuse({ code: 'nothingStands' })
      const appealed = appealedOf(decision.process, document)
      if (!appealed) return file.refuse({ code: 'notAppealable' })
      const byAgency = file.rule(rowOf(appealed, 'byAgency')).value === true || decision.superior === null
      const suspends = file.rule(rowOf(appealed, 'suspends')).value === true
      const first = decidedFirst(appealed, decision)
      file.exclude(first)
      const named = namedIn(decision, first)
      if (named) file.restrict(named)
      file.note({
        ...{ receivedOn, byAgency, process: decision.process, decision: decision.document, decidedFirst: first },
        hadEffectFrom: effectSince(decision, { receivedOn, suspends }),
        hearing: byAgency ? file.agency : (decision.superior ?? file.agency),
        mayAnnul: file.rule(rowOf(appealed, 'mayAnnul')).value === true,
        quorum: Number(file.rule(rowOf(appealed, 'quorum')).value),
      })
      file.clock(
        'review',
        () => reviewEnds(file),
        () => file.facts.receivedOn,
      )
      const hears = file.rule(rowOf(appealed, 'commission')).value === true ? byCommission : alone
      const heard = await file.during(['withdrawAppeal'], async (part) => {
        if (suspends) await part.attempt('suspend', { case: of, document: decision.document })
        const ruled = await rule(part, hears)
        // from now on nothing waits for the appeal: what is cancelled is stopped before its case may go on
        if (ruled.outcome !== 'cancel') await part.compensate()

        return ruled
      })
      if (heard.turned) {
        // they decided nothing: neither case is shown to them any more
        file.note({ secretary: null, chair: null })
        tell(file, 'stands')

        return file.close('withdrawn', { code: 'withdrawn' })
      }

      return carryOut(file, heard.value)
    },
  )
}

const reviewEnds = (file: File): Due => file.dueIn('appeal.review', file.facts.receivedOn)

/** Heard until there is a ruling; one that was returned is decided anew by other people than those who decided first. */
async function rule(file: File, hears: (file: File) => Promise<Outcome>): Promise<Ruled> {
  const outcome = await hears(file)
  const effectiveFrom = file.facts.effectiveFrom ?? undefined
  if (outcome !== 'return') return { outcome, effectiveFrom, anew: null }
  file.enter('reconsidering')
  const { answer } = await file.ask('decideAnew', { of: { role: 'head', body: file.body } })
  const decided = file.today
  const onPaper = file.follows('newDecision')
  if (onPaper) file.decide('newDecision', () => decided, { decision: file.facts.decision, anew: answer.decision })

  return { outcome: answer.decision === 'cancel' ? 'cancel' : 'uphold', anew: { onPaper } }
}

/** The body that decided may object while a commission is named; then its members vote in secret, and its chair writes the ruling. */
async function byCommission(file: File): Promise<Outcome> {
  for (;;) {
    file.enter('preparing')
    const [prepared] = await file.together([
      (branch) => branch.ask('prepare', { of: preparing(file.facts) }),
      objections,
    ])
    const { members, alternates, chair } = prepared.answer
    file.note({ secretary: prepared.by, chair })
    file.enter('hearing')
    const { hearing, quorum } = file.facts
    const voted = await file.commission('voteOnAppeal', { members, chair, alternates, quorum })
    if (voted.result === 'failed') {
      file.note({ chair: null })
      continue
    }
    const outcome = voted.choice as Outcome
    // whoever took the seat of a chair who withdrew
    file.note({ outcome, chair: voted.chair })
    const { answer } = await file.ask('writeRuling', {
      of: voted.chair ? { person: voted.chair, servesIn: hearing } : preparing(file.facts),
    })
    file.note({ effectiveFrom: answer.effectiveFrom ?? null })
    file.order('minutes', voted.minutes)
    ruling(file, outcome)

    return outcome
  }
}

/** One official hears it, where the row says so. */
async function alone(file: File): Promise<Outcome> {
  file.enter('preparing')
  await objections(file)
  file.enter('hearing')
  const { answer } = await file.ask('decideAppeal', { of: hearingAlone(file.facts), within: () => reviewEnds(file) })
  file.note({ outcome: answer.outcome, effectiveFrom: answer.effectiveFrom ?? null })
  ruling(file, answer.outcome)

  return answer.outcome
}

/** Silence of the body that decided holds nothing up. */
async function objections(file: File): Promise<void> {
  const asked = file.today
  await file.ask('giveObjections', {
    of: { role: 'hr', body: file.body },
    closing: () => file.dueIn('appeal.objections', asked),
  })
}

function ruling(file: File, outcome: Outcome): void {
  const ruled = file.today
  file.decide('ruling', () => ruled, { decision: file.facts.decision, outcome })
}

const tell = (file: File, outcome: AppealOutcome, effectiveFrom?: IsoDate) =>
  file.tell(file.facts.of, 'decidedOnAppeal', {
    ...{ document: file.facts.decision, outcome },
    ...(effectiveFrom && { effectiveFrom }),
  })

/** What is being carried out in its case stops there; what has been, is taken back, or done for another day, here. */
async function carryOut(file: File, { outcome, effectiveFrom, anew }: Ruled): Promise<Closing<End>> {
  file.enter('executing')
  const { of, decision } = file.facts
  switch (outcome) {
    case 'uphold':
      tell(file, 'stands')
      await told(file, anew)
      return file.close('upheld', { code: anew ? 'upheldAnew' : 'upheld' })
    case 'cancel': {
      const stopped = await file.reply(tell(file, 'cancelled'))
      if (stopped.result === 'refused') {
        await file.ended(of)
        const ground = anew ? 'cancelledAnew' : 'cancelledOnAppeal'
        const annulled = await file.attempt('annul', { case: of, ground, decision })
        if (annulled.taken) await file.compensate({ of })
        else if (annulled.reason.code === 'annul.withdrawn') return withdrawnBefore(file, 'granted', anew)
      }
      await told(file, anew)
      return file.close('granted', { code: anew ? 'cancelledAnew' : 'cancelledOnAppeal' })
    }
    case 'change': {
      const day = effectiveFrom ?? file.today
      const moved = await file.reply(tell(file, 'changed', day))
      if (moved.result === 'refused') {
        await file.ended(of)
        if (!(await file.doOn(of, day, decision))) return withdrawnBefore(file, 'changed', anew)
      }
      await told(file, anew)
      return file.close('changed', { code: 'changedOnAppeal', params: { from: day } })
    }
  }
}

/** Its case has withdrawn the decision by itself: what that case came to then was not appealed, and stays. */
async function withdrawnBefore(
  file: File,
  end: End & ('granted' | 'changed'),
  anew: Ruled['anew'],
): Promise<Closing<End>> {
  await told(file, anew)

  return file.close(end, { code: 'withdrawnBefore' })
}

/** The servant is told of the ruling, and of what was decided anew; that he does not answer is not that he was told. */
async function told(file: File, anew: Ruled['anew']): Promise<void> {
  const asked = file.today
  const { result } = await file.ask('acknowledge', {
    of: { person: file.facts.servant },
    closing: () => file.dueIn('appeal.acknowledgement', asked),
  })
  if (result !== 'answered') return
  file.deliver('ruling')
  if (anew?.onPaper) file.deliver('newDecision')
}
