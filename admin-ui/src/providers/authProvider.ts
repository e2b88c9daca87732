/** Who is signed in: `/api/me`, asked once and kept in memory. What it grants here is only what is shown; the API decides. */
import type { AuthProvider } from 'react-admin'
import type { DemoUser, Me } from '../../../api/shapes/views'
import { currentLocale } from '../locale'
import { failureOf, http } from './http'
import { pageEnds } from './pageEnds'

let known: Promise<Me> | null = null

const HOME = '/'
const LAST_PERSON = 'mansap.lastPerson'
/** Who was signed in last in this tab: it is known after a reload too. */
const signedIn = ({ person }: Me): void => sessionStorage.setItem(LAST_PERSON, person.id)

/** An address such as `//elsewhere.org` begins with a slash and leads to another server. */
const isOurs = (address: string): boolean =>
  URL.canParse(address, location.origin) && new URL(address, location.origin).origin === location.origin

/** What is to be done before somebody signs out: forms that are open save what is typed in them. */
export const beforeSignOut = new Set<() => Promise<void>>()

/** The signed-in person. Throws `HttpError` 401 when there is none. */
export function me(): Promise<Me> {
  known ??= http<Me>('/api/me').then(({ body }) => {
    signedIn(body)

    return body
  })
  known.catch(() => (known = null))

  return known
}

/** People as whom one may sign in while the product is a demonstration. */
export const demoUsers = async (): Promise<DemoUser[]> => (await http<DemoUser[]>('/api/demo-users')).body

/** Registers that an administrator may change. */
export const EDITABLE = new Set(['terms', 'rules', 'holidays', 'swaps', 'body-days', 'roles', 'positions', 'people'])

export const authProvider = {
  /** `left`: the address of the page whose session ended. Its person goes on there; everybody else begins with the start page. */
  login: async ({ user, left }: { user: string; left: string | null }) => {
    const before = sessionStorage.getItem(LAST_PERSON)
    const { body } = await http<Me>('/api/session', { method: 'POST', json: { user } })
    known = Promise.resolve(body)
    signedIn(body)

    return { redirectTo: left !== null && before === body.person.id && isOurs(left) ? left : HOME }
  },
  logout: async () => {
    // also called when the session has ended: what cannot be saved any more stays in this tab, for the person who typed it
    await Promise.all([...beforeSignOut].map((finish) => finish()))
    known = null
    pageEnds.forget()
    await http<undefined>('/api/session', { method: 'DELETE' }).catch(() => undefined)
  },
  checkAuth: async () => {
    try {
      await me()
    } catch (error) {
      // only 401 means "nobody is signed in"; a service that is away must not sign people out
      if (failureOf(error).status === 401) throw error
    }
  },
  checkError: async (error: unknown) => {
    if (failureOf(error).status !== 401) return
    known = null
    throw error
  },
  getIdentity: async () => {
    const { person } = await me()

    return { id: person.id, fullName: person.name[currentLocale()] }
  },
  canAccess: async ({ action, resource }: { action: string; resource: string }) => {
    if (action === 'list' || action === 'show') return true
    const { administrator } = await me()

    return administrator && EDITABLE.has(resource)
  },
} satisfies AuthProvider
