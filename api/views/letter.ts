/**
 * A letter as text: the sentence of each notice and the way to it. A function of what its reader sees now, of the words and of the language. It
 * says nothing that anybody wrote; of a restricted case it says only that there is something.
 */
import type { Locale, Notice } from '../../workflows/kernel/contract'
import { wordsAt, type Words } from '../../workflows/words'
import { dateWords } from '../../prisma/store/freeze-document'
import { escaped } from './document-html'
import type { NoticeView } from '../shapes/views'

/** A notice as a letter tells of it; `hidden`: it is of a restricted case. */
export type ToldNotice = NoticeView | 'hidden'

export interface LetterText {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** page on which its reader chooses whether letters come */
  readonly settings: string
}

/** A sentence lacks a variable that it needs, or asks for one that nobody can give: the letter is not to be sent. */
export class MissingVariable extends Error {
  constructor(
    readonly sentence: string,
    readonly variable: string,
    /** a case of which it was to tell */
    readonly caseId: string,
  ) {
    super(`${sentence}: ${variable}`)
  }
}

/** What the sentence of each kind of notice must say. */
export const NOTICE_VARIABLES: Readonly<Record<Notice, readonly string[]>> = {
  taskOpened: ['task', 'number'],
  taskAssigned: ['task', 'number'],
  taskReturned: ['task', 'number'],
  taskReminder: ['task', 'due', 'number'],
  taskOverdue: ['task', 'due', 'number'],
  questionAsked: ['task', 'number'],
  questionAnswered: ['task', 'number'],
  mentioned: ['number'],
  stageReached: ['stage', 'number'],
  caseClosed: ['end', 'number'],
  caseMoved: ['number'],
  caseHandedOver: ['number'],
  addedAfterEnd: ['number'],
  longHistory: ['number'],
  manyMessages: ['number'],
  sealBroken: ['task', 'number'],
  resultUndone: ['number'],
}
/** What the sentences of a letter beside its notices must say. */
export const LETTER_SENTENCES = {
  hidden: [],
  digest: ['count'],
  more: ['count'],
  open: ['link'],
  settings: ['link'],
  automatic: [],
} as const satisfies Readonly<Record<string, readonly string[]>>

type Values = Readonly<Record<string, string | null>>

/** Fills a sentence; throws MissingVariable when a variable that it needs, or asks for, is not there. */
function filled(key: string, sentence: string | null, needed: readonly string[], values: Values, caseId: string) {
  if (sentence === null) throw new MissingVariable(key, key, caseId)
  const asked = [...sentence.matchAll(/%\{([\w.]+)\}/g)].map(([, name = '']) => name)
  const unasked = needed.find((name) => !asked.includes(name))
  if (unasked !== undefined) throw new MissingVariable(key, unasked, caseId)
  const unknown = asked.find((name) => !values[name])
  if (unknown !== undefined) throw new MissingVariable(key, unknown, caseId)

  return sentence.replace(/%\{([\w.]+)\}/g, (_all, name: string) => values[name] ?? '')
}

/** On one line, whatever a name or a template has in it: a line break in a subject would begin another header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()

const MOST_TOLD = 50
const LONGEST_SUBJECT = 200

export interface LetterSetting {
  readonly words: Words
  readonly locale: Locale
  readonly kind: 'notice' | 'digest'
  readonly consoleUrl: string
  /** a case of which it tells, named when one of its own sentences is broken */
  readonly caseId: string
}

/** Writes a letter about these notices; throws MissingVariable. */
export function letterText(
  { words, locale, kind, consoleUrl, caseId }: LetterSetting,
  told: readonly ToldNotice[],
): LetterText {
  const say = (name: keyof typeof LETTER_SENTENCES, values: Values = {}) =>
    filled(
      `letters.${name}`,
      wordsAt(words, locale, 'kernel', `letters.${name}`),
      LETTER_SENTENCES[name],
      values,
      caseId,
    )
  // of restricted cases one line says all that may be said
  const lines = told.filter((each, n) => each !== 'hidden' || told.indexOf(each) === n)
  const shown = lines.slice(0, MOST_TOLD).map((notice) =>
    notice === 'hidden'
      ? { sentence: say('hidden'), link: `${consoleUrl}/notices` }
      : {
          sentence: sentenceOf(words, locale, notice),
          link: notice.task ? `${consoleUrl}/tasks/${notice.task.id}` : `${consoleUrl}/cases/${notice.case.id}`,
        },
  )
  const settings = `${consoleUrl}/letters`
  const more = lines.length > MOST_TOLD ? [say('more', { count: String(lines.length - MOST_TOLD) })] : []
  const title =
    kind === 'digest' ? say('digest', { count: String(told.length) }) : (shown[0]?.sentence ?? say('hidden'))
  const foot = [say('settings', { link: settings }), say('automatic')]

  return {
    subject: oneLine(title).slice(0, LONGEST_SUBJECT),
    text: [
      ...shown.flatMap(({ sentence, link }) => [sentence, say('open', { link }), '']),
      ...more,
      '-- ',
      ...foot,
      '',
    ].join('\n'),
    html:
      `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body>` +
      `<ul>${shown.map(({ sentence, link }) => `<li><a href="${escaped(link)}">${escaped(sentence)}</a></li>`).join('')}</ul>` +
      [...more, ...foot].map((sentence) => `<p>${escaped(sentence)}</p>`).join('') +
      '</body></html>',
    settings,
  }
}

function sentenceOf(words: Words, locale: Locale, notice: NoticeView): string {
  const { process, kind, task, due, stage, end } = notice
  const named = (group: string, code: string | null | undefined, rest = '') =>
    code === null || code === undefined ? null : wordsAt(words, locale, process, `${group}.${code}${rest}`)

  return filled(
    `notices.${kind}`,
    wordsAt(words, locale, process, `notices.${kind}`),
    NOTICE_VARIABLES[kind],
    {
      number: notice.case.number,
      task: named('tasks', task?.kind, '.title'),
      due: due && dateWords(due),
      stage: named('stages', stage),
      end: named('ends', end),
    },
    notice.case.id,
  )
}
