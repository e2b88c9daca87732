/** For whoever holds a paper, signed in or not: whether it was issued so, and still holds. */
import { z } from 'zod'
import { readCode } from '../../prisma/store/paper-codes'
import { paperByCode } from '../../prisma/store/papers'
import { LOCALES } from '../../workflows/kernel/contract'
import type { Routes } from '../http/route'
import type { Service } from '../service/service'
import { CHECK_SCRIPT, checkPage, readSum } from '../views/check-page'

const typed = z.string().max(200).optional()

export function checkRoutes(routes: Routes, { db, words }: Service): void {
  routes.open({
    method: 'get',
    path: '/check',
    summary: 'A page that checks a paper by the code that stands on it, and a file by its SHA-256',
    // whatever else a scanner or a mail program adds to an address changes nothing
    query: z.object({ code: typed, sha256: typed, locale: z.enum(LOCALES).default('kk').catch('kk') }),
    responses: {
      200: { description: 'The page', type: 'text/html' },
      404: { description: 'The page, saying that no paper has this code', type: 'text/html' },
    },
    handler: async ({ query: { code, sha256, locale } }) => {
      const known = code === undefined ? null : readCode(code)
      const paper = known === null ? null : await paperByCode(db, known)
      const sum = sha256 === undefined || sha256.trim() === '' ? null : (readSum(sha256) ?? 'x')
      const page = checkPage(words, { locale, typed: code ?? null, paper, sum })

      return { status: code !== undefined && !paper ? 404 : 200, body: page, headers: { 'Cache-Control': 'no-store' } }
    },
  })
  routes.open({
    method: 'get',
    path: '/check.js',
    summary: 'What that page runs',
    responses: { 200: { description: 'A script', type: 'text/javascript' } },
    handler: async () => ({ body: CHECK_SCRIPT, headers: { 'Cache-Control': 'no-cache' } }),
  })
}
