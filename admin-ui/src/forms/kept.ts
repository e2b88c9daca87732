/**
 * What has been typed and is not saved on the server, kept in this tab under the name of the person who typed it: a reload, a
 * session that ended or a service that is away loses nothing, and whoever signs in next sees only what is his own.
 */
import { isValues, type Values } from './fields'

export interface Kept {
  /** version of the draft that it was made from, and the open form that it was typed into */
  readonly version: number
  readonly writer: string
  readonly form: Values
}

const nameOf = (person: string, address: string): string => `mansap.typed.${person}.${address}`

/** What this person typed into this form and the server has not got; null when there is nothing. */
export function keptForm(person: string, address: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(nameOf(person, address)) ?? 'null')
    if (!isValues(kept)) return null
    const { version, writer, form } = kept

    return typeof version === 'number' && typeof writer === 'string' && isValues(form)
      ? { version, writer, form }
      : null
  } catch {
    return null
  }
}

export const keepForm = (person: string, address: string, kept: Kept): void =>
  sessionStorage.setItem(nameOf(person, address), JSON.stringify(kept))
export const forgetForm = (person: string, address: string): void => sessionStorage.removeItem(nameOf(person, address))
