/** A person before the console in a real browser, in one language. What is on the page is found by role and by the words themselves. */
import { mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { en } from '../../admin-ui/src/i18n/en'
import { kk } from '../../admin-ui/src/i18n/kk'
import { ru } from '../../admin-ui/src/i18n/ru'
import type { DemoUser, Name } from '../../api/shapes/views'
import type { Locale } from '../../workflows/kernel/contract'
import { wordsOf } from '../../workflows/words'
import { eventually } from '../support/eventually'

const ROOT = path.join(__dirname, '..', '..')
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']
const BROWSER: Record<Locale, string> = { kk: 'kk-KZ', ru: 'ru-RU', en: 'en-GB' }
const WIDE = { width: 1280, height: 800 }
const PHONE = { width: 390, height: 844 }
/** The screens on which every page has to be good. */
export const SCREENS = { wide: WIDE, phone: PHONE } as const
export const SCHEMES = ['light', 'dark'] as const
const OF_THE_CONSOLE = { kk, ru, en }

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const leaf = (tree: unknown, key: string): string | undefined => {
  const found = key.split('.').reduce<unknown>((at, part) => (isTree(at) ? at[part] : undefined), tree)

  return typeof found === 'string' ? found : undefined
}
const read = (owner: string, locale: Locale): unknown => wordsOf(path.join(ROOT, 'workflows', owner), locale)

/** What is wider than the screen, or has text that does not fit into it; what is said to screen readers only has no size. */
const CUT = `(() => {
  const root = document.documentElement
  const wide = root.scrollWidth > root.clientWidth ? ['the page: ' + root.scrollWidth + ' of ' + root.clientWidth] : []
  const cut = [...document.querySelectorAll('body *')].filter((each) => {
    const { overflowX } = getComputedStyle(each)
    return each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1 && (overflowX === 'hidden' || overflowX === 'clip') && each.innerText
  })

  return [...wide, ...cut.map((each) => each.outerHTML.slice(0, 150))]
})()`

/**
 * The primary controls of what is in front, a dialog or else the page: each button that is filled in and can be pressed, and each group of such buttons that is
 * marked as one, as the choices of a decision are.
 */
export const PRIMARY = '[data-primary], .MuiButton-contained:not(:disabled):not([data-primary] *)'
const PRIMARIES = `(() => {
  const front = [...document.querySelectorAll('[role=dialog]')].at(-1) ?? document.querySelector('main') ?? document.body
  return [...front.querySelectorAll('${PRIMARY}')].filter((each) => each.checkVisibility()).map((each) => each.innerText)
})()`

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly html: string }[]
}

export class Visitor {
  private readonly process: unknown
  private readonly kernel: unknown

  private constructor(
    private readonly baseUrl: string,
    readonly locale: Locale,
    readonly page: Page,
    /** what went wrong in the page behind the person's back */
    private readonly faults: string[],
  ) {
    this.process = read('probation', locale)
    this.kernel = read('kernel', locale)
  }

  private static async arrive(browser: Browser, baseUrl: string, locale: Locale): Promise<Visitor> {
    const context = await browser.newContext({ viewport: WIDE, locale: BROWSER[locale] })
    const page = await context.newPage()
    page.setDefaultTimeout(120_000)
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      // a session that has ended, a draft that is stale and a form that is not accepted are answers like others
      if (message.type() === 'error' && !/status of (401|412|422)/.test(message.text())) faults.push(message.text())
    })

    return new Visitor(baseUrl, locale, page, faults)
  }

  /** Somebody who has signed in before. */
  static async signedIn(browser: Browser, baseUrl: string, locale: Locale, user: string): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, baseUrl, locale)
    const { request } = visitor.page.context()
    const answer = await request.post(`${baseUrl}/api/session`, { data: { user }, headers: { origin: baseUrl } })
    if (!answer.ok()) throw new Error(`${user} could not sign in: ${String(answer.status())}`)

    return visitor
  }

  /** Opens the sign-in page, chooses the language, and then who to be. */
  static async signIn(browser: Browser, baseUrl: string, locale: Locale, user: string): Promise<Visitor> {
    const visitor = await Visitor.arrive(browser, baseUrl, locale)
    const { page } = visitor
    await page.goto(baseUrl)
    await visitor.speak()
    await visitor.heading(visitor.say('app.login.title'))
    await visitor.inspect('sign-in')
    await visitor.choosesToBe(user)

    return visitor
  }

  /** Signs in on the sign-in page, on which the browser is, and sees the page at that address. */
  async choosesToBe(user: string, lands = '/'): Promise<void> {
    await this.heading(this.say('app.login.title'))
    const users = (await (await fetch(`${this.baseUrl}/api/demo-users`)).json()) as DemoUser[]
    const chosen = users.find(({ id }) => id === user)
    if (!chosen) throw new Error(`no demo user ${user}`)
    await this.page.getByRole('button', { name: chosen.name[this.locale] }).first().click()
    await this.page.waitForURL(`${this.baseUrl}${lands}`)
    if (lands === '/') await this.heading(this.say('app.day.title'))
  }

  /** The sentence of the console (`app.…`), else of the process, else of the kernel, with its placeholders filled. */
  say(key: string, params: Readonly<Record<string, string>> = {}): string {
    const found = leaf(OF_THE_CONSOLE[this.locale], key) ?? leaf(this.process, key) ?? leaf(this.kernel, key)
    if (found === undefined) throw new Error(`no words for ${key} in ${this.locale}`)

    return found.replace(/%\{([\w.]+)\}/g, (_, name: string) => params[name] ?? '')
  }

  name = (name: Name): string => name[this.locale]

  private async speak(): Promise<void> {
    const names = { kk: 'Қазақша', ru: 'Русский', en: 'English' }
    await this.page.getByRole('button', { name: names[this.locale] }).click()
    await this.page.locator(`html[lang="${this.locale}"]`).waitFor()
  }

  heading = (text: string, level: 1 | 2 = 1): Promise<void> =>
    this.page.getByRole('heading', { level, name: text }).first().waitFor()
  sees = (text: string | RegExp): Promise<void> => this.page.getByText(text).filter({ visible: true }).first().waitFor()
  button = (name: string, within: Page | Locator = this.page): Locator =>
    within.getByRole('button', { name, exact: true })
  press = (name: string): Promise<void> => this.button(name).click()
  fill = (label: string, value: string, within: Page | Locator = this.page): Promise<void> =>
    within.getByLabel(label).first().fill(value)
  dialog = (): Locator => this.page.getByRole('dialog')

  async open(address: string, heading: string): Promise<void> {
    await this.page.goto(`${this.baseUrl}${address}`)
    await this.heading(heading)
  }

  /** Looks somebody up in a picker. */
  async choose(label: string, name: string, within: Page | Locator = this.page): Promise<void> {
    await within.getByRole('combobox', { name: label }).fill(name)
    await this.page.getByRole('option', { name }).first().click()
  }

  /** One part of a case file. */
  async part(tab: string): Promise<void> {
    await this.page.getByRole('tab', { name: this.say(`app.cases.tabs.${tab}`) }).click()
    await this.page.locator('#part').waitFor()
  }

  /** From the case file to its open task of that kind, claimed if nobody has it. */
  async takeUp(caseId: string, kind: string): Promise<void> {
    await this.page.goto(`${this.baseUrl}/cases/${caseId}`)
    const title = this.say(`tasks.${kind}.title`)
    await this.page.getByRole('link', { name: title }).first().click()
    await this.heading(title)
    const claim = this.button(this.say('app.verbs.claim.button'))
    const decisions = this.decisions()
    await claim.or(decisions).first().waitFor()
    if (await claim.isVisible()) await claim.click()
    await decisions.waitFor()
  }

  /** The buttons by which the task on the page is answered or sent back. */
  decisions = (): Locator => this.page.getByRole('group', { name: this.say('app.tasks.decision'), exact: true })

  /** The word of the button that answers a kind of task: of one choice, or of a kind that nothing decides. */
  answer = (kind: string, choice?: string): string =>
    this.say(choice === undefined ? `tasks.${kind}.button` : `tasks.${kind}.choices.${choice}.button`)

  /** What the buttons in a part of the page say, in order. */
  buttonsOf = (part: Locator): Promise<string[]> => part.getByRole('button').allInnerTexts()

  /** Sends the answer on the page, sees what will follow, and confirms it. */
  async complete(kind: string, choice?: string): Promise<void> {
    const before = this.page.url()
    const word = this.answer(kind, choice)
    await this.press(`${word}…`)
    await this.dialog().waitFor()
    await this.button(word, this.dialog()).click()
    await this.page.waitForURL((url) => url.href !== before)
  }

  /** Closes a dialog by the button that changes nothing. */
  async dismiss(): Promise<void> {
    await this.button(this.say('app.dismiss'), this.dialog()).click()
    await this.dialog().waitFor({ state: 'detached' })
  }

  /** Fails on anything serious or critical that axe finds, on any fault of the page, and on more than one primary control. */
  async inspect(place: string): Promise<void> {
    if (!(await this.page.evaluate<boolean>(`'axe' in window`))) await this.page.evaluate(axe)
    const look = async (): Promise<Violation[]> => {
      // what fades in has not its colours yet
      await this.page.evaluate('Promise.all(document.getAnimations().map((each) => each.finished.catch(() => null)))')

      // what passes is not told of: to describe it takes longer than to find what does not
      return this.page.evaluate<Violation[]>(
        `axe.run(document, ${JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] })}).then((found) => found.violations)`,
      )
    }
    const found = await look()
    // something may have begun to fade in while it was looked at
    const violations = found.length === 0 ? found : await look()
    const grave = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`)
    const keys = await this.page.evaluate<string[]>(
      `(document.body.innerText.match(/\\b(app|ra|kernel|probation)\\.[a-z]\\w*(\\.\\w+)+/g) ?? [])`,
    )
    const primaries = await this.page.evaluate<string[]>(PRIMARIES)
    expect({ place, locale: this.locale, grave, keys, faults: this.faults, primaries }).toEqual({
      place,
      locale: this.locale,
      grave: [],
      keys: [],
      faults: [],
      // one clear next action at most
      primaries: primaries.slice(0, 1),
    })
  }

  /** Inspects the page, and that on a telephone nothing of it is beyond the edge. */
  async seen(place: string): Promise<void> {
    await this.inspect(place)
    await this.keep(`${place}-${this.locale}`)
    await this.page.setViewportSize(PHONE)
    const beyond = await this.page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    await this.keep(`${place}-${this.locale}-narrow`)
    await this.page.setViewportSize(WIDE)
    expect({ place, locale: this.locale, beyond }).toEqual({ place, locale: this.locale, beyond: 0 })
  }

  /** `SHOTS=<folder>` keeps a picture of what the browser shows. */
  async keep(name: string): Promise<void> {
    const folder = process.env['SHOTS']
    if (!folder) return
    mkdirSync(folder, { recursive: true })
    // what stays at the top of the window is photographed where the page was scrolled to
    await this.page.evaluate('window.scrollTo(0, 0)')
    await this.page.screenshot({ path: path.join(folder, `${name.replaceAll(' ', '-')}.png`), fullPage: true })
  }

  /**
   * Looks at the page on a wide screen and on a phone, in light and in dark: `inspect`, and nothing is cut off or wider than the
   * screen.
   */
  async inspectEverywhere(place: string): Promise<void> {
    for (const [screen, size] of Object.entries(SCREENS)) {
      await this.page.setViewportSize(size)
      for (const colorScheme of SCHEMES) {
        await this.page.emulateMedia({ colorScheme })
        await this.isIn(colorScheme)
        const how = `${place} ${this.locale} ${colorScheme} ${screen}`
        await this.inspect(how)
        expect({ how, cut: await this.page.evaluate<string[]>(CUT), foreign: await this.foreignWords() }).toEqual({
          how,
          cut: [],
          foreign: [],
        })
        await this.keep(how)
      }
    }
    await this.page.emulateMedia({ colorScheme: null })
    await this.page.setViewportSize(WIDE)
  }

  /** The page is shown in light or in dark. */
  async isIn(scheme: (typeof SCHEMES)[number]): Promise<void> {
    await eventually(`the page in ${scheme}`, () =>
      this.page.evaluate<boolean>(`getComputedStyle(document.documentElement).colorScheme === '${scheme}'`),
    )
  }

  /** Words of the page in Latin letters where its language has none. */
  private async foreignWords(): Promise<string[]> {
    if (this.locale === 'en') return []
    const text = await this.page.evaluate<string>(
      `[...document.querySelectorAll('body *')].filter((each) => each.closest('[lang]') === document.documentElement && !each.closest('noscript, script, style'))
        .flatMap((each) => [...each.childNodes]).filter((each) => each.nodeType === 3).map((each) => each.data).join(' ')`,
    )

    return (text.match(/[a-z]{3,}/gi) ?? []).filter((word) => word !== 'Mansap')
  }

  leave = (): Promise<void> => this.page.context().close()
}
