/** Signing in and out, and who one is; the words of all screens. */
import { z } from 'zod'
import { actorOf, demoUsers, personById, personOfDemoUser, rolesHeld } from '../../prisma/store/accounts'
import { hasOwnCases } from '../../prisma/store/case-course'
import { notify } from '../../prisma/store/notify'
import { LOCALES, type IsoDate, type PersonId } from '../../workflows/kernel/contract'
import { registersFor } from '../../workflows/kernel/register-sight'
import { viewerOf } from '../../workflows/kernel/law/sight'
import { identify, signIn, signOut } from '../auth/session'
import { word } from '../http/fields'
import { Problem, invalid } from '../http/problems'
import type { Routes } from '../http/route'
import { demoUser, me } from '../shapes/schemas'
import type { Service } from '../service/service'
import { today } from '../service/today'
import type { Me } from '../shapes/views'

export function sessionRoutes(routes: Routes, service: Service): void {
  const { db, demo, words, now, processes } = service

  async function meOf(person: PersonId, on: IsoDate): Promise<Me> {
    const [known, roles, actor] = await Promise.all([
      personById(db, person),
      rolesHeld(db, person, on),
      actorOf(db, person, on),
    ])
    if (!known || !actor) throw Problem.for('notSignedIn')
    const viewer = viewerOf(actor, processes.tables)
    const held = (role: string) => roles.some((each) => each.role === role)

    return {
      person: known,
      roles: [...roles],
      demo,
      developer: held('developer'),
      administrator: held('administrator'),
      scansFiles: service.scanner !== null,
      today: on,
      ownCases: await hasOwnCases(db, viewer, { rehearsals: demo }),
      registers: registersFor(viewer),
    }
  }

  if (demo) {
    routes.open({
      method: 'get',
      path: '/api/demo-users',
      summary: 'People to try the demonstration as',
      responses: { 200: { description: 'They', schema: z.array(demoUser) } },
      handler: async () => ({ body: await demoUsers(db, today(now())) }),
    })
    routes.open({
      method: 'post',
      path: '/api/session',
      summary: 'Sign in as a person of the demonstration',
      body: z.strictObject({ user: word() }),
      responses: { 200: { description: 'Signed in', schema: me } },
      handler: async ({ request, body }) => {
        const person = await personOfDemoUser(db, body.user)
        if (!person) throw invalid({ user: 'option' })
        const answer = await meOf(person, today(now()))
        const before = identify(request)
        await signIn(request, person)
        if (before) await notify(db.sql, { topic: 'sessions', ids: [before] })

        return { body: answer }
      },
    })
  }
  routes.open({
    method: 'delete',
    path: '/api/session',
    summary: 'Sign out',
    responses: { 204: { description: 'Signed out' } },
    handler: async ({ request }) => {
      const person = identify(request)
      if (person) {
        await signOut(request)
        // every API process ends the streams of the session
        await notify(db.sql, { topic: 'sessions', ids: [person] })
      }

      return { status: 204 }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/me',
    summary: 'Who is signed in, with roles of today',
    responses: { 200: { description: 'You', schema: me } },
    handler: async ({ actor, today: on }) => ({ body: await meOf(actor.person, on) }),
  })
  routes.open({
    method: 'get',
    path: '/api/words/:locale',
    summary: 'Every sentence a person sees of the processes',
    params: z.strictObject({ locale: z.enum(LOCALES) }),
    responses: { 200: { description: 'By process', schema: z.record(z.string(), z.unknown()) } },
    handler: async ({ params }) => ({ body: words[params.locale], headers: { 'Cache-Control': 'no-cache' } }),
  })
}
