/** The draft of one open form: kept in this tab at once, on the server when typing pauses and when the form is left. */
import type { DraftView } from '../../../api/shapes/views'
import { beforeSignOut, me } from '../providers/authProvider'
import { dataProvider } from '../providers/dataProvider'
import { failureOf, newKey } from '../providers/http'
import { isValues, type Values } from './fields'
import { forgetForm, keepForm, keptForm } from './kept'

const TYPING_MS = 1_500

/** What was saved at the same address from another window. */
export interface OtherText {
  readonly version: number
  readonly form: Values
  readonly savedAt: string | null
}
export interface DraftStatus {
  readonly state: 'none' | 'typing' | 'saving' | 'saved' | 'failed' | 'signedOut' | 'conflict'
  readonly savedAt: string | null
  /** the form begins with a draft: when it was saved on the server, null for what only this tab had */
  readonly begun: { readonly savedAt: string | null } | null
  /** until the person has chosen between it and his own nothing is saved */
  readonly other: OtherText | null
}

const isDraft = (value: unknown): value is DraftView => isValues(value) && typeof value['version'] === 'number'

/** The draft as it is now, of an answer that ours is stale. */
function currentIn(error: unknown): DraftView | null {
  const { status, problem } = failureOf(error)

  return status === 412 && problem && 'draft' in problem && isDraft(problem.draft) ? problem.draft : null
}

/** Saves under way, by person and address: a form that is opened again waits for what was saved as it was left. */
const underWay = new Map<string, Promise<void>>()

export class Draft {
  private current: DraftStatus
  private readonly listeners = new Set<() => void>()
  private unsaved: Values | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private paused = false
  private finished = false

  private constructor(
    private readonly person: string,
    readonly address: string,
    private readonly writer: string,
    private version: number,
    /** what the form begins with; null when nothing was typed into it before */
    readonly form: Values | null,
    savedAt: string | null,
  ) {
    this.current = { state: 'none', savedAt: null, begun: form && { savedAt }, other: null }
  }

  /** Of a form into which nothing is typed. */
  static none(): Draft {
    const none = new Draft('', '', '', 0, null, null)
    none.finished = true

    return none
  }

  /** Reads what the signed-in person has typed into the form at this address, in this tab or elsewhere. */
  static async open(address: string): Promise<Draft> {
    const person = (await me()).person.id
    await underWay.get(`${person}.${address}`)
    const draft = await dataProvider.draft(address)
    const kept = keptForm(person, address)
    if (!kept) return new Draft(person, address, newKey(), draft.version, draft.form, draft.savedAt)
    const found = new Draft(person, address, kept.writer, kept.version, kept.form, null)
    found.unsaved = kept.form
    void found.save()

    return found
  }

  /** under which its saves are known */
  private get name(): string {
    return `${this.person}.${this.address}`
  }

  readonly status = (): DraftStatus => this.current
  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)

    return () => this.listeners.delete(listener)
  }

  /** Follows the form for as long as it is shown; answers how to leave it. */
  follow(): () => void {
    const hide = () => {
      // the page may be gone before anything that is under way has been answered
      if (this.unsaved && !this.current.other) this.put(this.unsaved, true).catch(() => undefined)
    }
    const again = () => {
      if (this.current.state === 'failed' || this.current.state === 'signedOut') void this.leave()
    }
    beforeSignOut.add(this.leave)
    window.addEventListener('pagehide', hide)
    // the connection is back, or the person is, who may have signed in again in another tab
    window.addEventListener('online', again)
    window.addEventListener('focus', again)

    return () => {
      beforeSignOut.delete(this.leave)
      window.removeEventListener('pagehide', hide)
      window.removeEventListener('online', again)
      window.removeEventListener('focus', again)
      void this.leave()
    }
  }

  /** Takes note of what stands in the form now. */
  typed(form: Values): void {
    if (this.finished) return
    this.unsaved = form
    this.keep()
    if (this.current.other) return
    this.tell({ state: 'typing' })
    this.later()
  }

  /** While the form is being sent nothing new is saved. */
  pause(paused: boolean): void {
    this.paused = paused
    if (this.unsaved && !this.current.other) this.later()
  }

  /**
   * Saves what stands in the form, so that it goes when it is taken, and sends it. Sends nothing and answers null when another text
   * was saved meanwhile: the person has to see both first.
   */
  async before<T>(send: () => Promise<T>): Promise<T | null> {
    await this.leave()

    return this.current.other ? null : send()
  }

  /** Goes on with what is typed here, over the other text. */
  keepMine(): void {
    this.version = this.current.other?.version ?? this.version
    this.tell({ other: null })
    void this.save()
  }

  /** Goes on with the other text. */
  takeOther(): void {
    const { other } = this.current
    if (!other) return
    this.version = other.version
    this.forget()
    this.tell({ state: 'saved', savedAt: other.savedAt, begun: { savedAt: other.savedAt }, other: null })
  }

  /** Forgets what was typed, here and on the server; false when the server does not. */
  async discard(): Promise<boolean> {
    this.forget()
    // what is being saved just now decides which version is to be forgotten
    await underWay.get(this.name)
    try {
      this.version = (await dataProvider.discardDraft(this.address, this.version)).version
      this.tell({ state: 'none', begun: null })

      return true
    } catch (error) {
      this.failed(error)

      return false
    }
  }

  /** What was typed has been taken, and the form stays: what is typed next is another draft. */
  taken(): void {
    this.forget()
    this.tell({ state: 'none', savedAt: null, begun: null })
  }

  /** What was typed has been sent: no draft is wanted any more. */
  done(): void {
    this.finished = true
    this.forget()
  }

  /** Saves what is not saved yet: before the form is left, and before it is sent, since of what is done no draft is taken. */
  readonly leave = async (): Promise<void> => {
    if (this.unsaved && !this.current.other) await this.save()
  }

  private later(): void {
    clearTimeout(this.timer)
    if (!this.paused) this.timer = setTimeout(() => void this.save(), TYPING_MS)
  }

  /** Saves what stands in the form, after what is being saved. */
  private save(): Promise<void> {
    clearTimeout(this.timer)
    const saving = (underWay.get(this.name) ?? Promise.resolve()).then(() => this.saveNow())
    underWay.set(this.name, saving)
    void saving.finally(() => {
      if (underWay.get(this.name) === saving) underWay.delete(this.name)
    })

    return saving
  }

  private async saveNow(): Promise<void> {
    const form = this.unsaved
    if (!form || this.finished) return
    this.tell({ state: 'saving' })
    try {
      this.took(form, await this.put(form))
    } catch (error) {
      const now = currentIn(error)
      if (!now) this.failed(error)
      else if (now.form === null && this.paused) this.forget()
      // sent or discarded in another window: nothing stands against what is typed here
      else if (now.form === null) {
        this.version = now.version
        await this.saveNow()
      } else this.tell({ state: 'conflict', other: { ...now, form: now.form } })
    }
  }

  private put(form: Values, keepalive = false): Promise<DraftView> {
    const { person, writer, version } = this

    return dataProvider.saveDraft(this.address, { form, person, writer }, version, keepalive)
  }

  private took(form: Values, { version, savedAt }: DraftView): void {
    this.version = version
    if (this.unsaved !== form) {
      this.keep()

      return
    }
    this.forget()
    this.tell({ state: 'saved', savedAt })
  }

  private failed(error: unknown): void {
    this.tell({ state: failureOf(error).status === 401 ? 'signedOut' : 'failed' })
  }

  private keep(): void {
    const { person, address, version, writer } = this
    if (this.unsaved) keepForm(person, address, { version, writer, form: this.unsaved })
  }

  private forget(): void {
    clearTimeout(this.timer)
    this.unsaved = null
    forgetForm(this.person, this.address)
  }

  private tell(change: Partial<DraftStatus>): void {
    this.current = { ...this.current, ...change }
    for (const listener of this.listeners) listener()
  }
}
