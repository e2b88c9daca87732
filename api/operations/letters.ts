/**
 * Makes letters of notices and hands them to the mail server: each at least once, under one Message-ID, whoever dies in between. Whoever sees
 * nothing of a case any more when his letter is sent gets none.
 */
import { actorsOf } from '../../prisma/store/accounts'
import { noteIncident } from '../../prisma/store/incidents'
import {
  forgetLetters,
  makeLetters,
  resolveStopped,
  settleLetter,
  takeLetters,
  tryCorrectedAddresses,
  type Letter,
  type LetterOutcome,
} from '../../prisma/store/letters'
import { noticesByIds } from '../../prisma/store/notices'
import type { Actor, CaseId, Notice } from '../../workflows/kernel/contract'
import { viewerOf } from '../../workflows/kernel/law/sight'
import { notesOf } from '../http/access-log'
import { isMailAddress } from '../http/fields'
import { seesCase } from '../policy/cases'
import { whyNotSent, type Mail } from '../service/mail'
import type { Service } from '../service/service'
import { today } from '../service/today'
import { letterText, MissingVariable } from '../views/letter'
import { noticeView } from '../views/notice-view'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 2000
const AT_ONCE = 10
/** Longer than a mail server may take: a letter whose sender died is sent again then. */
export const LEASE_MS = 120_000
const FIRST_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 3_600_000
/** Words are mended with a release, a register by hand. */
const STOPPED_MS = 600_000
const DAY_MS = 24 * 60 * 60 * 1000

type Parts = Pick<Service, 'db' | 'log' | 'now' | 'processes' | 'words' | 'accessLog' | 'mail'>

/** Under which door the access log names a letter. */
export const LETTER_DOOR = 'letter'

/** Twice as long after each failure. */
export const pauseAfter = (attempts: number): number =>
  Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_MS)

/** Notices that ask for a task: once it is done they say nothing. */
const ASKS: readonly Notice[] = [
  'taskOpened',
  'taskAssigned',
  'taskReturned',
  'taskReminder',
  'taskOverdue',
  'questionAsked',
]

async function outcomeOf(
  { db, processes, words, accessLog }: Parts,
  mail: Mail,
  letter: Letter,
  actor: Actor | undefined,
): Promise<LetterOutcome> {
  if (!actor || letter.letters === 'none' || letter.address === null) return { state: 'withdrawn' }
  if (!isMailAddress(letter.address)) return { state: 'refused', error: 'address' }
  const notes = notesOf(viewerOf(actor, processes.tables))
  const rows = (await noticesByIds(db, notes.viewer, letter.notices)).filter(
    // no news in the morning, nor when a letter comes later than it was to, are what he has read and a task that is done
    ({ kind, rehearsal, read, taskOpen }) =>
      rehearsal === null &&
      ((letter.kind === 'notice' && letter.attempts === 1) || (!read && !(ASKS.includes(kind) && taskOpen === false))),
  )
  const [first] = rows
  if (!first) return { state: 'withdrawn' }
  const told = rows.map((row) => {
    if (!row.restricted) return noticeView(notes.viewer, row, processes)
    seesCase(notes.viewer, row).sees('exists')

    return 'hidden'
  })
  const { subject, text, html, settings } = letterText(
    { words, locale: letter.language, kind: letter.kind, consoleUrl: mail.consoleUrl, caseId: first.caseId },
    told,
  )
  // nothing leaves that is not written down
  await accessLog.add(notes.looks(LETTER_DOOR, 200))
  const { messageId, address: to } = letter
  await mail.send({ messageId, to, subject, text, html, settings })

  return { state: 'sent' }
}

async function failedAs({ db, log }: Parts, letter: Letter, error: unknown): Promise<LetterOutcome> {
  if (error instanceof MissingVariable) {
    const { sentence, variable, caseId } = error
    const { language } = letter
    log.error({ letter: letter.id, sentence, variable, language }, 'a letter lacks something and is not sent')
    await noteIncident(db.sql, caseId as CaseId, 'letterStopped', { sentence, variable, language })

    return { state: 'stopped', error: `${sentence}: ${variable}`, againInMs: STOPPED_MS }
  }
  const { code, forGood } = whyNotSent(error)
  log.warn({ letter: letter.id, code, attempts: letter.attempts }, 'a letter was not taken by the mail server')

  return forGood
    ? { state: 'refused', error: code }
    : { state: 'waiting', error: code, againInMs: pauseAfter(letter.attempts) }
}

/** Sends some letters that are due; answers how many it took. */
export async function sendLetters(parts: Parts, leaseMs = LEASE_MS): Promise<number> {
  const { db, mail, now } = parts
  if (!mail) return 0
  await tryCorrectedAddresses(db)
  const letters = await takeLetters(db, AT_ONCE, leaseMs)
  if (letters.length === 0) return 0
  const actors = await actorsOf(db, [...new Set(letters.map(({ person }) => person))], today(now()))
  await Promise.all(
    letters.map(async (letter) => {
      const outcome = await outcomeOf(parts, mail, letter, actors.get(letter.person)).catch((error: unknown) =>
        failedAs(parts, letter, error),
      )
      await settleLetter(db, letter.id, outcome)
      if (letter.state === 'stopped' && outcome.state !== 'stopped') await resolveStopped(db, letter.notices)
    }),
  )

  return letters.length
}

/** Makes letters of all notices of which none are made; answers whether there were any. */
export async function letterNotices({ db, mail, now }: Parts): Promise<boolean> {
  return (await makeLetters(db, { on: today(now()), domain: mail?.domain ?? null })) > 0
}

/** Starts to make and to send. Without a mail server notices are only marked, so that none is told of late once there is one. */
export function startLetters(parts: Parts, leaseMs = LEASE_MS): Rounds {
  let forgottenAt = 0

  return startRounds(parts, { everyMs: EVERY_MS, failure: 'letters could not be sent in this round' }, async () => {
    const made = await letterNotices(parts)
    const sent = await sendLetters(parts, leaseMs)
    if (made || sent > 0) return 'more'
    if (parts.now() - forgottenAt > DAY_MS && (await forgetLetters(parts.db)) === 0) forgottenAt = parts.now()

    return 'done'
  })
}
