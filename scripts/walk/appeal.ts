/**
 * The walk of an appeal: a servant is dismissed after his probation, appeals, is heard by a commission of another body, and is back in his
 * post. It is a rehearsal, so that months pass at once: the register of posts itself stays as it is, and what was done to the post is read
 * as the cases of the set see it.
 */
import { addDays, isoDate } from '../../workflows/kernel/law/calendar'
import type { CaseDetail, DocumentView, EventView, Page } from '../../api/shapes/views'
import { Person, WalkFailed, type Say, type SignedIn } from './person'
import { comes, expect, PlayedCase } from './played-case'
import { castOf, newSet, postOf, startForm, toProposal, type Cast, type Post } from './probation'

const BODY = 'ministryFinance'
const PAPERS = ['plan-with-marks.pdf', 'letter-of-thanks.pdf'] as const
const PDF = '%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << >>\n%%EOF\n'

/** Whoever hears the appeal. */
interface Hearers {
  readonly secretary: SignedIn
  readonly members: readonly [chair: SignedIn, ...SignedIn[]]
}

async function hearersOf(baseUrl: string, patienceMs: number): Promise<Hearers> {
  const [secretary, chair, first, second] = await Promise.all([
    Person.signedIn(baseUrl, 'appealSecretary', patienceMs),
    Person.signedIn(baseUrl, 'appealChair', patienceMs),
    Person.signedIn(baseUrl, 'appealMemberFirst', patienceMs),
    Person.signedIn(baseUrl, 'appealMemberSecond', patienceMs),
  ])

  return { secretary, members: [chair, first, second] }
}

/** A set of rehearsals, and the day after the dismissal in it. */
interface Rehearsed {
  readonly set: string
  readonly on: string
}

/**
 * Does the servant hold his post on that day, as the cases of the set see it? HR tries to start a probation with that day as the first one
 * in the post: of whoever holds it since before, the form says that it is not the first; of whoever holds none, the case that he holds none.
 */
async function holdsPost(cast: Cast, post: Post, { set, on }: Rehearsed): Promise<boolean> {
  const { status, answer } = await cast.hr.answered('POST', '/api/processes/probation/cases', {
    form: startForm(cast, post, on),
    rehearsal: { set },
  })
  const { errors, reason } = answer as { errors?: { appointedOn?: string }; reason?: { code: string } }
  if (status === 422 && errors?.appointedOn === 'notFirstDay') return true
  if (status === 200 && reason?.code === 'notInPost') return false
  throw new WalkFailed(`whether he holds his post was answered ${String(status)} ${JSON.stringify(answer)}`)
}

/** Lets the clock of the set run to the day of the dismissal. */
async function toDay({ hr }: Cast, set: string, to: string): Promise<void> {
  await comes(`${to} in the set`, async () => {
    const { status, answer } = await hr.answered('POST', `/api/rehearsals/${BODY}/${encodeURIComponent(set)}/advance`, {
      to,
    })
    if (status === 202) return null
    expect(`the way of the set to ${to}, ${JSON.stringify(answer)}`, status, 200)

    return to
  })
}

/** What somebody sees of a case, in words. */
async function readBy(who: Person, id: string): Promise<string> {
  const { status, answer } = await who.answered('GET', `/api/cases/${id}`)
  if (status === 404) return 'finds no such case'
  expect(`the case as ${who.login} sees it`, status, 200)
  const { process, number, outcome, annulled, annulment, decisions } = answer as CaseDetail
  const [{ data: documents }, { data: events }] = await Promise.all([
    who.get<Page<DocumentView>>(`/api/cases/${id}/documents?perPage=100`),
    who.get<Page<EventView>>(`/api/cases/${id}/events?perPage=100`),
  ])
  const kinds = [...new Set(documents.map(({ kind }) => kind))].sort()
  const read = events.filter(({ content }) => content !== null).length
  const by = annulment ? ` by ${annulment.by.number}` : ''
  const voided = decisions.filter((each) => each.void !== null).map(({ document }) => `${document.kind} is void`)
  const seen = [`documents: ${kinds.join(', ') || 'none'}`, `${String(read)} answers`, ...voided]

  return `${process} ${number} (${String(outcome)}${annulled ? `, annulled${by}` : ''}; ${seen.join('; ')})`
}

async function dismissed(cast: Cast, set: string, say: Say): Promise<PlayedCase> {
  const { servant, agency } = cast
  const probation = await toProposal(cast, set, say)
  await probation.complete(
    agency,
    'agreeDismissal',
    { decision: 'agree', grounds: 'The grounds show a failure.' },
    'agrees to the dismissal',
  )
  const { decisions } = await probation.complete(servant, 'acknowledge', {}, 'is told of it')
  const [decision] = decisions
  if (!decision?.appeal) throw new WalkFailed('the dismissal may not be appealed')
  say(`            it may be appealed until ${decision.appeal.on}; it has effect from ${decision.effectiveFrom}`)
  await toDay(cast, set, decision.effectiveFrom)
  expect('the outcome', (await probation.ends()).outcome, 'dismissed')
  await probation.tell('hrMinistry', 'lets the clock run to the day of the dismissal: he is dismissed')

  return probation
}

async function appealed({ hr, servant }: Cast, of: PlayedCase, set: string, say: Say): Promise<PlayedCase> {
  const form = `start:appeal:${BODY}`
  const papers = await Promise.all(PAPERS.map((name) => servant.upload(form, 'papers', { name, bytes: PDF })))
  const started = await servant.send<{ result: string; caseId: string; number: string }>(
    'POST',
    '/api/processes/appeal/cases',
    {
      form: {
        ...{ case: of.id, document: 'dismissalAct', asks: 'cancel', papers },
        grounds: 'Both goals of the plan were reached before the second review.',
      },
      rehearsal: { set },
    },
  )
  expect('the start of the appeal', started.result, 'started')
  const appeal = new PlayedCase(started.caseId, hr, say)
  await appeal.tell(servant.login, `appeals as himself: ${started.number}, with ${PAPERS.join(' and ')}`)

  return appeal
}

/** The members vote in secret: until all have, whoever prepared the hearing sees who voted and no mark. */
async function ruled(appeal: PlayedCase, { hr }: Cast, { secretary, members }: Hearers): Promise<void> {
  const [chair] = members
  await appeal.complete(hr, 'giveObjections', { objections: 'The reviews were made in time.' }, 'objects')
  const ids = members.map(({ me }) => me.person.id)
  await appeal.complete(
    secretary,
    'prepare',
    { chair: chair.me.person.id, members: ids, alternates: [] },
    'prepares the hearing and names a commission of three',
  )
  for (const [n, member] of members.entries()) {
    await appeal.complete(member, 'voteOnAppeal', { vote: 'cancel' }, 'votes')
    if (n + 1 === members.length) continue
    const { commissions } = await secretary.get<CaseDetail>(`/api/cases/${appeal.id}`)
    const marks = commissions.flatMap(({ seats }) => seats.map(({ mark }) => mark))
    expect('what is seen of sealed votes', JSON.stringify(marks), JSON.stringify(members.map(() => null)))
  }
  await appeal.complete(
    chair,
    'writeRuling',
    { grounds: 'The file does not show which goal was missed.' },
    'writes the ruling: the dismissal is cancelled',
  )
}

/** Plays the walk of an appeal; resolves with the ids of its two cases. `patienceMs`: see Person. */
export async function appealWalk(
  baseUrl: string,
  say: Say,
  patienceMs = 0,
): Promise<{ readonly probation: string; readonly appeal: string }> {
  const cast = await castOf(baseUrl, patienceMs)
  const hearers = await hearersOf(baseUrl, patienceMs)
  const { hr, head, supervisor, mentor, servant, agency } = cast
  const { secretary, members } = hearers
  const set = newSet()
  const post = await postOf(cast)
  const probation = await dismissed(cast, set, say)
  const { today } = await probation.file()
  const after: Rehearsed = { set, on: addDays(isoDate(today), 1) }
  const holds = () => holdsPost(cast, post, after)
  expect('that he holds his post after the dismissal', await holds(), false)
  say(`            the post, as the cases of the set see it: on ${after.on} he holds it no more`)

  const appeal = await appealed(cast, probation, set, say)
  await ruled(appeal, cast, hearers)
  await appeal.complete(servant, 'acknowledge', {}, 'is told of the ruling')
  const { outcome } = await appeal.ends()
  expect('the outcome of the appeal', outcome, 'granted')

  const { data: events } = await secretary.get<Page<EventView>>(`/api/cases/${appeal.id}/events?perPage=100`)
  const takenBack = events.filter(({ kind }) => kind === 'effectUndone').map(({ params }) => params['effect'])
  expect('what was taken back', JSON.stringify(takenBack), JSON.stringify(['endPost']))
  expect('that he holds his post after the ruling', await holds(), true)
  const { from, position } = await postOf(cast)
  expect('his post', JSON.stringify([from, position.id]), JSON.stringify([post.from, post.position.id]))
  say(`            the post, as the cases of the set see it: back by one effect; on ${after.on} he holds the same one,`)
  say(`            ${position.name.en}, from ${from}, as it stands in the register, which no rehearsal changes`)

  const [chair, member] = members
  say('What each of them sees at the end:')
  for (const who of [servant, mentor, supervisor, head, hr, agency, member ?? chair, secretary])
    say(`  ${who.login.padEnd(18)} ${await readBy(who, probation.id)}; ${await readBy(who, appeal.id)}`)
  say(`The case files: ${baseUrl}/cases/${probation.id} and ${baseUrl}/cases/${appeal.id}`)

  return { probation: probation.id, appeal: appeal.id }
}
