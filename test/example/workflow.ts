/** A commendation: recommended, heard, voted on by a commission in secret, announced unless the head objects. */
import { openCase } from '../../workflows/kernel/casefile'
import type { CaseFile } from '../../workflows/kernel/casefile'
import type { CaseInput } from '../../workflows/kernel/protocol/messages'
import type { Closing, ContentRef, Due, Moment, Returned } from '../../workflows/kernel/contract'
import { endOf, localDate } from '../../workflows/kernel/law/calendar'
import { contract, type End } from './contract'
import type { StartForm } from './forms'
import { firstFacts, givenTime, recommenderOf, rulebook, sittingOf } from './rules'
import type { Example } from './rules'

type File = CaseFile<Example>

export async function example(input: CaseInput<StartForm>): Promise<Closing> {
  const begins = localDate(input.clock.base.case, input.clock.zone)
  const first = firstFacts(input.form, input.body, begins)

  return openCase<Example, StartForm>(contract, rulebook, input, first, async (file) => {
    const { person, position } = input.form
    const post = await file.consult((register) => register.servicePost({ person, position, on: file.today }))
    if (!post) return file.refuse({ code: 'notInPost' })
    const only = await file.attempt('hold', file.onlyCase)
    if (!only.taken) return file.refuse(only.reason)
    file.note({ supervisor: post.supervisor })
    file.remark('openedUnder', { regime: file.regime, agency: file.agency })
    file.clock(
      'whole',
      () => endOf({ from: file.facts.startsOn, terms: [file.term('example.whole')], pauses: [] }, file.daysOff),
      () => file.facts.startsOn,
    )

    const heard = await file.during(['withdrawProposal'], (part) => recommendAndHear(part, input.form))
    if (heard.turned) return file.close('withdrawn', { code: 'withdrawn' })
    if (heard.value !== 'heard') return file.close('declined', { code: heard.value })

    return vote(file, input)
  })
}

/** A recommendation that the head approves, then what must be known before the sitting; or why there will be none. */
async function recommendAndHear(file: File, form: StartForm): Promise<'heard' | 'noConsent' | 'nobodyAnswered'> {
  file.enter('recommending')
  for (let again: Returned | null = null; !form.proposedByHead;) {
    const recommended = await file.ask('recommend', {
      of: recommenderOf(file.facts),
      closing: lapse(file),
      exclude: [file.facts.servant],
      again,
    })
    if (recommended.result === 'late') return 'nobodyAnswered'
    const approved = await file.ask('approve', { of: { role: 'head', body: file.facts.body }, closing: lapse(file) })
    if (approved.result === 'late') return 'nobodyAnswered'
    if (approved.result !== 'returned') break
    again = approved
  }

  file.enter('hearing')
  if (!form.proposedByHead) {
    const known = await file.deadline(lapse(file), (part) =>
      part.together([
        (branch) => branch.ask('consent', { of: { person: file.facts.servant } }),
        (branch) => branch.ask('checkRecord', { of: { role: 'hr', body: file.facts.body } }),
      ]),
    )
    if (known.over) return 'nobodyAnswered'
    const [consent, record] = known.value
    if (!consent.answer.agrees) return 'noConsent'
    if (record.answer.incomplete) await missingPapers(file)
  }
  await file.until(() => sittingOf(file.facts), 'sitting')

  return 'heard'
}

/** While papers are missing the case stands still, but for the task in which they are brought. */
async function missingPapers(file: File): Promise<void> {
  file.suspend('papers', { days: 10, unit: 'calendar days' })
  await file.ask('bringPapers', { of: { role: 'hr', body: file.facts.body } })
  file.resume('papers')
}

/** The day with which a task that is asked now closes, so that no case stays open for ever because nobody acts. */
function lapse(file: File): Moment {
  const asked = file.today

  return () => file.dueIn('example.whole', asked)
}

async function vote(file: File, { form, content }: CaseInput<StartForm>): Promise<Closing<End>> {
  file.enter('voting')
  const { members, chair, alternates } = form
  const decision = await file.commission('vote', {
    members,
    chair,
    alternates,
    quorum: file.rule('example.quorum'),
  })
  file.order('minutes', decision.minutes)
  if (decision.result === 'failed') return file.close('declined', { code: 'noDecision' })
  if (decision.choice !== 'grant') return file.close('declined', { code: 'votedAgainst' })

  file.enter('announcing')
  const voted = file.today
  const silence = (): Due =>
    endOf({ from: voted, terms: [file.term('example.silence'), ...givenTime(file.facts)], pauses: [] }, file.daysOff)
  file.clock('silence', silence, () => voted)
  const came = await file.first([
    (branch) => branch.ask('object', { of: { role: 'head', body: file.facts.body } }),
    (branch) => announced(branch),
    (branch) => branch.until('silence', 'silenceOver'),
  ])
  if (came !== 'announced' && came?.result === 'answered') return file.close('declined', { code: 'headObjected' })
  const honoured = await file.during(['withdrawLetter'], (part) => honour(part, form, content))
  // what it did to the roll is taken back: that part of the story is over
  if (honoured.turned) return file.close('declined', { code: honoured.turned.form.ground })

  return file.close('granted', { code: 'voted' })
}

/** Who gets no certificate is not in the roll either. */
async function honour(part: File, form: StartForm, content: ContentRef): Promise<void> {
  if (form.roll || part.flag('example.everyoneInRoll')) await enterInRoll(part)
  const granted = part.today
  part.decide('letter', () => part.facts.effectiveFrom ?? granted)
  // announced and handed over at once
  part.deliver('letter')
  if (form.certificate === 'servant' && !(await certificate(part, form))) await part.compensate()
  if (form.certificate === 'team') await certificates(part, content)
}

async function enterInRoll(file: File): Promise<void> {
  const { servant: person, body } = file.facts
  const entered = await file.carryOut('enterInRoll', { person, body })
  if (!entered.taken) return
  const all = await file.consult((register) => register.commendationsOf({ person }))
  file.remark('entered', { number: entered.value.number, all })
}

/**
 * The certificate is a case of its own; this one waits until it is handed over, and the letter has effect from then. False: it did not
 * begin.
 */
async function certificate(file: File, form: StartForm): Promise<boolean> {
  const { servant: person, position } = file.facts
  const granted = file.today
  const opened = file.open('certificate', { form: { person, position, ceremony: file.today } })
  const begun = await file.reply(opened)
  if (begun.result === 'refused') {
    file.remark('noCertificate', { reason: begun.reason.code })

    return false
  }
  file.tell(opened.case, 'setCeremony', { ceremony: form.sitting < file.today ? file.today : form.sitting })
  const { end } = await file.ended(opened)
  file.remark('certificateEnded', { end })
  const handed = file.today
  if (file.facts.effectiveFrom) file.deliver('correction')
  if (end !== 'handed') file.withdraw('letter', 'notHandedOver')
  else if (handed > granted) {
    file.amend('deferral', () => handed, { from: handed })
    file.deliver('deferral')
  }

  return true
}

/** Each of the team gets one: as many cases as the list has, of which this one knows how they ended. */
async function certificates(file: File, content: ContentRef): Promise<void> {
  const ceremony = file.today
  const opened = await file.openEach('certificate', { content, field: 'team', form: { ceremony } })
  file.tellEach(opened, 'setCeremony', { ceremony })
  await file.allEnded(opened)
  const { list } = opened
  const { total, ends } = await file.consult((register) => register.endsOf({ list }))
  const { content: each } = await file.keep('casesOfList', { list })
  file.remark('certificatesEnded', { total, handed: ends['handed'] ?? 0, each: each.id })
}

async function announced(file: File): Promise<'announced'> {
  await file.ask('announce', { of: { role: 'hr', body: file.body } })

  return 'announced'
}
