/** What the floor's client, workflow and activity say to each other. */
export const FLOOR_QUEUE = 'floor'
export const FLOOR_DATABASE = 'floor'

export interface OpenTask {
  readonly id: string
  readonly caseId: string
  readonly name: string
  readonly office: string
  readonly dueAt: string
}
export interface FloorInput {
  /** tasks of the case */
  readonly tasks: number
  /** how many of them are open from the beginning; the others follow one after another */
  readonly seats: number
  readonly office: string
  /** something is done when the term of the first task passes; otherwise only the second has a term, of thirty days */
  readonly alarm: boolean
  readonly form: Readonly<Record<string, string | number | boolean>>
}
export interface Decision {
  readonly task: string
  readonly by: string
  readonly answer: Readonly<Record<string, string | number>>
}
export interface Step {
  readonly close: Decision | null
  readonly caseId: string
  readonly open: readonly OpenTask[]
}
export interface FloorActivities {
  record(step: Step): Promise<void>
  /** what is done when a term has passed */
  fallDue(caseId: string): Promise<void>
}
