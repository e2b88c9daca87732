/**
 * What has been typed and not yet confirmed, kept in this tab until it is: a switch of language, a reload or a service that is
 * away loses nothing. Wiped at sign-out.
 */
import { isValues, type Values } from './fields'

const PREFIX = 'mansap.typed.'

export function keptValues(key: string): Values | null {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(PREFIX + key) ?? 'null')

    return isValues(value) ? value : null
  } catch {
    return null
  }
}

export const keepValues = (key: string, values: Values): void =>
  sessionStorage.setItem(PREFIX + key, JSON.stringify(values))
export const forgetValues = (key: string): void => sessionStorage.removeItem(PREFIX + key)
