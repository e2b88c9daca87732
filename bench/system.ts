/** What the load generator asks of a system under load: the product over HTTP, or the floor through Temporal's client and SQL. */

export interface Listed {
  readonly id: string
  readonly caseId: string
  readonly kind: string
  readonly version: number
  /** who alone may answer it, where it is for one person */
  readonly holder: string | null
}

/** The most urgent first, as a person works; or the newest first, to find what has just been opened. */
export type Order = 'due' | 'newest'

/** One who works: a session of his own, or a name. */
export interface Worker {
  readonly name: string
  /**
   * Starts a case of so many rounds of two tasks; answers with its id once its first task can be seen. With `dueAt`, the term of
   * that task ends at that moment.
   */
  start(rounds: number, dueAt?: number): Promise<string>
  /** starts a case in which each of these has to vote, and another task follows; answers with its id */
  convene(members: readonly Worker[]): Promise<string>
  /** a page of the tasks that wait for his office */
  list(order: Order): Promise<readonly Listed[]>
  /** the page that follows a place, the most urgent first: how many tasks are on it, and where it ends */
  read(place: string): Promise<{ readonly tasks: number; readonly end: string | null }>
  claim(task: Listed): Promise<Listed>
  complete(task: Listed): Promise<void>
}

/** What is compared in everything. */
export const PAIR = ['product', 'floor'] as const
export type Half = (typeof PAIR)[number]
/** `door`: the floor, asked over HTTP by people with sessions; measured where it is wanted */
export type SystemName = Half | 'door'

export interface System {
  readonly name: SystemName
  /** the one in which its own rows are */
  readonly database: string
  readonly workers: readonly Worker[]
  /** fills the list with rows of tasks that no workflow knows, up to so many that wait */
  fill(waiting: number): Promise<void>
  /** the place in the middle of what waits */
  middle(): Promise<string>
  /** the tasks of a case that wait for somebody */
  open(caseId: string): Promise<readonly Listed[]>
  /** moments at which what follows a passed term was written, by case, of those of these cases for which it was */
  fellDue(cases: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** resolves when nothing is left to do of what was asked for */
  settled(): Promise<void>
  /** events in the history of a case */
  events(caseId: string): Promise<number>
  close(): Promise<void>
}

/** How many tasks a page of the list holds: a page of the console, or enough to find one's own among those of all the others. */
export const PAGE: Readonly<Record<Order, number>> = { due: 25, newest: 50 }
