/** Letters by e-mail: how a person wants them, and for operators how they go. */
import { z } from 'zod'
import { letterWish, outboxFigures, troubledLetters, wishLetters } from '../../prisma/store/letters'
import { LETTER_CHOICES, LOCALES } from '../../workflows/kernel/contract'
import type { Routes } from '../http/route'
import type { Service } from '../service/service'
import * as schemas from '../shapes/schemas'
import { requireOperator } from './operations'

const wish = { letters: z.enum(LETTER_CHOICES), language: z.enum(LOCALES) }
/** A letter that waits so long beyond its time is in trouble. */
const LATE_HOURS = 1

export function letterRoutes(routes: Routes, { db, mail }: Service): void {
  routes.signed({
    method: 'get',
    path: '/api/me/letters',
    summary: 'How you want letters, and your address in the register',
    responses: { 200: { description: 'Your wish', schema: schemas.letterWish } },
    handler: async ({ actor }) => ({ body: { ...(await letterWish(db, actor.person)), sent: mail !== null } }),
  })
  routes.signed({
    method: 'put',
    path: '/api/me/letters',
    summary: 'You want letters so',
    body: z.strictObject(wish),
    responses: { 200: { description: 'Your wish', schema: schemas.letterWish } },
    handler: async ({ actor, body }) => {
      await wishLetters(db, actor.person, body)

      return { body: { ...(await letterWish(db, actor.person)), sent: mail !== null } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/outbox',
    summary: 'For operators: how many letters wait, and those that are in trouble; of nobody, and about nothing',
    responses: { 200: { description: 'Figures, and a hundred letters at most', schema: schemas.outbox } },
    handler: async ({ actor }) => {
      requireOperator(actor)
      const [figures, troubled] = await Promise.all([outboxFigures(db), troubledLetters(db, LATE_HOURS)])

      return {
        body: {
          on: mail !== null,
          ...figures,
          oldest: figures.oldest?.toISOString() ?? null,
          troubled: troubled.map((letter) => ({
            ...letter,
            dueAt: letter.dueAt.toISOString(),
            nextAt: letter.nextAt.toISOString(),
          })),
        },
      }
    },
  })
}
