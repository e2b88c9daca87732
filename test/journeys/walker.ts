/** Somebody who presses nothing but the one primary control of each page, and fills in forms with examples; each click and key is counted. */
import type { Locator } from 'playwright-core'
import type { TaskDetail } from '../../api/shapes/views'
import { readWords, wordsAt } from '../../workflows/words'
import { PRIMARY, type Visitor } from '../e2e/visitor'
import { eventually } from '../support/eventually'

const words = readWords()

/** What is chosen where a task is decided by one of several buttons; else the first. */
const CHOICES: Readonly<Record<string, string>> = {
  reviewProbation: 'satisfactory',
  decideExtension: 'extend',
  decideDismissal: 'propose',
  agreeDismissal: 'refuse',
  voteOnAppeal: 'cancel',
}
const TEXT = 'As the papers of the case show.'

/** One page, from when it is there until the next is. */
export interface Step {
  /** the heading of the page */
  readonly page: string
  /** the kind of task; null: the start of the day */
  readonly kind: string | null
  /** what the controls say that were pressed, in order */
  readonly pressed: readonly string[]
  /** clicks and keys with which the form was filled in */
  readonly filling: { readonly clicks: number; readonly keys: number }
}

/** The walk of one person, from the start of his day until nothing is left for him. */
export interface Walk {
  readonly who: string
  readonly steps: readonly Step[]
}

const PATIENCE_MS = 20_000
/** More tasks than anybody of the sample has. */
const MOST_STEPS = 60

/** A walk that cannot go on by the primary controls alone. */
class NoWayOn extends Error {}

export async function walkOf(who: string, visitor: Visitor): Promise<Walk> {
  await visitor.open('/', visitor.say('app.day.title'))
  const steps: Step[] = []
  for (; steps.length < MOST_STEPS; steps.push(await stepOn(visitor)))
    if (await nothingIsLeft(visitor)) return { who, steps }
  throw new NoWayOn(`${who} is not done after ${String(MOST_STEPS)} pages`)
}

const at = (visitor: Visitor): string => new URL(visitor.page.url()).pathname

/** The start of the day is there, and says that nothing needs him; false where a primary control leads on. */
async function nothingIsLeft(visitor: Visitor): Promise<boolean> {
  const { page } = visitor
  if (at(visitor) !== '/') return false
  const empty = page.getByRole('heading', { name: visitor.say('app.day.emptyTitle') })
  await empty.or(page.locator('main').locator(PRIMARY)).first().waitFor()

  return empty.isVisible()
}

async function stepOn(visitor: Visitor): Promise<Step> {
  const { page } = visitor
  const from = page.url()
  const task = /^\/tasks\/([0-9a-f-]{36})$/.exec(at(visitor))?.[1]
  const told = task === undefined ? null : await taskOf(visitor, task)
  const primary = await theOnly(visitor, page.locator('main'))
  const heading = (await page.getByRole('heading', { level: 1 }).first().innerText()).trim()
  const decides = (await primary.getAttribute('data-primary')) !== null
  const filling = decides ? await fillIn(page.locator('main form').first(), visitor) : { clicks: 0, keys: 0 }
  const pressed = [await press(decides ? await choiceIn(primary, told, visitor) : primary)]
  if (decides) pressed.push(await press(await theOnly(visitor, page.getByRole('dialog'))))
  await page.waitForURL((url) => url.href !== from)
  await page.getByRole('heading', { level: 1 }).first().waitFor()

  return { page: heading, kind: told?.kind ?? null, pressed, filling }
}

const taskOf = async (visitor: Visitor, id: string): Promise<TaskDetail> => {
  const answer = await visitor.page.context().request.get(new URL(`/api/tasks/${id}`, visitor.page.url()).href)

  return (await answer.json()) as TaskDetail
}

/** The one primary control of the page or of a dialog. */
async function theOnly(visitor: Visitor, within: Locator): Promise<Locator> {
  const primary = within.locator(PRIMARY).filter({ visible: true })
  const there = await primary
    .first()
    .waitFor({ timeout: PATIENCE_MS })
    .then(
      () => true,
      () => false,
    )
  const count = there ? await primary.count() : 0
  if (count !== 1) {
    const shown = await visitor.page.locator('main').innerText()
    throw new NoWayOn(`${at(visitor)} has ${String(count)} primary controls:\n${shown}`)
  }

  return primary
}

async function press(button: Locator): Promise<string> {
  const said = (await button.innerText()).trim()
  await button.click()

  return said
}

/** The button of a decision that the example chooses. */
async function choiceIn(group: Locator, task: TaskDetail | null, { locale }: Visitor): Promise<Locator> {
  const choice = CHOICES[task?.kind ?? '']
  if (!task || choice === undefined) return group.getByRole('button').first()
  const name = wordsAt(words, locale, task.process, `tasks.${task.kind}.choices.${choice}.button`) ?? ''

  return group.getByRole('button', { name: `${name}…`, exact: true })
}

/** Fills in what is asked and still empty. */
async function fillIn(form: Locator, { page }: Visitor): Promise<Step['filling']> {
  const filled = { clicks: 0, keys: 0 }
  await form.waitFor()
  for (const group of await form.getByRole('radiogroup').all()) {
    if ((await group.locator('input:checked').count()) > 0) continue
    await group.locator('input:enabled').first().check()
    filled.clicks += 1
  }
  for (const picker of await form.locator('[role=combobox]:is(input)[required]').all()) {
    if ((await picker.inputValue()) !== '') continue
    await picker.click()
    await page.locator('[role=option]:not([aria-disabled=true])').first().click()
    await eventually('somebody is chosen', async () => (await picker.inputValue()) !== '')
    filled.clicks += 2
  }
  for (const field of await form
    .locator(':is(input, textarea)[required]:not([role=combobox]):not([aria-hidden])')
    .all()) {
    if ((await field.inputValue()) !== '') continue
    const isDate = (await field.getAttribute('type')) === 'date'
    const text = isDate ? ((await field.getAttribute('min')) ?? new Date().toISOString().slice(0, 10)) : TEXT
    await field.fill(text)
    filled.clicks += 1
    filled.keys += isDate ? text.replaceAll('-', '').length : text.length
  }

  return filled
}
