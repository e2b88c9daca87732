/** Documents of a case, and commands on their way. */
import { z } from 'zod'
import { caseById, type CaseRow } from '../../prisma/store/cases'
import { commandById } from '../../prisma/store/commands'
import { documentById, frozenDocument, type DocumentRow } from '../../prisma/store/documents'
import { paperBytes, papersOf } from '../../prisma/store/papers'
import { LOCALES, type CaseId, type CommandId, type Locale } from '../../workflows/kernel/contract'
import type { Viewer } from '../../workflows/kernel/law/sight'
import { commandView } from '../views/command-view'
import { dayChangedOf } from '../views/decisions'
import { renderDocument } from '../views/document-html'
import { id } from '../http/fields'
import { Problem, forbidden } from '../http/problems'
import { keyOfUnnamed } from '../http/sending'
import { seesCase } from '../policy/cases'
import { attachment, plainName } from '../service/file-name'
import type { Routes } from '../http/route'
import { commandView as commandSchema, documentDetail } from '../shapes/schemas'
import type { Service } from '../service/service'

const params = z.strictObject({ id })
const query = z.strictObject({ locale: z.enum(LOCALES).default('ru') })

export function documentRoutes(routes: Routes, service: Service): void {
  const { db } = service

  /** Whoever sees the course of a case knows which documents there are, and is told why he may not read one. */
  async function open(viewer: Viewer, documentId: string): Promise<{ document: DocumentRow; file: CaseRow }> {
    const document = await documentById(db, documentId)
    // of none as well: the time that it takes must not tell it from one that is kept from him
    const file = await caseById(db, viewer, document?.caseId ?? (documentId as CaseId))
    if (!document || !file) throw Problem.for('notFound')
    const sight = seesCase(viewer, file)
    if (!sight.sees('course')) throw Problem.for('notFound')
    if (!sight.sees(`document:${document.kind}`)) throw forbidden({ code: 'policy.contentHidden' })

    return { document, file }
  }

  async function pageOf(document: DocumentRow, locale: Locale): Promise<string> {
    const frozen = await frozenDocument(db, service, document)
    if (!frozen) throw Problem.for('documentDamaged')

    return renderDocument(frozen, locale)
  }

  routes.signed({
    method: 'get',
    path: '/api/documents/:id',
    summary: 'A numbered document',
    params,
    query,
    responses: { 200: { description: 'With its page', schema: documentDetail } },
    handler: async ({ viewer, params: { id: documentId }, query: { locale } }) => {
      const { document, file } = await open(viewer, documentId)
      const { id: own, kind, number, issuer, issuedOn } = document
      const html = await pageOf(document, locale)
      const papers = (await papersOf(db, [own])).get(own) ?? null

      const process = service.processes.keyOf(file.process, file.version)

      const dayChanged = await dayChangedOf(db, file, own)

      return { body: { id: own, caseId: file.id, process, kind, number, issuer, issuedOn, papers, html, dayChanged } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/documents/:id/html',
    summary: 'A document as a page',
    params,
    query,
    responses: { 200: { description: 'A page', type: 'text/html' } },
    handler: async ({ viewer, params: { id: documentId }, query: { locale } }) => {
      const { document } = await open(viewer, documentId)

      return { body: await pageOf(document, locale) }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/documents/:id/papers/:language',
    summary: 'The paper of a document, PDF/A, as it was issued',
    params: z.strictObject({ id, language: z.enum(LOCALES) }),
    responses: {
      200: { description: 'The file', type: 'application/pdf' },
      304: { description: 'You have it: If-None-Match is the SHA-256 of the file' },
    },
    handler: async ({ viewer, params: { id: documentId, language }, request }) => {
      const { document } = await open(viewer, documentId)
      const paper = await paperBytes(db, document.id, language)
      if (!paper) {
        const made = (await papersOf(db, [document.id])).get(document.id)
        throw Problem.for(made?.length === 0 ? 'paperBeingMade' : 'notFound')
      }
      const headers = { ETag: `"${paper.sha256}"` }
      if (request.get('If-None-Match') === headers.ETag) return { status: 304, headers }
      const frozen = await frozenDocument(db, service, document)
      const title = frozen?.template.title[language] ?? document.kind

      return {
        body: Buffer.from(paper.bytes),
        headers: {
          ...headers,
          'Content-Disposition': attachment(plainName(`${document.number} ${title}.${language}.pdf`)),
        },
      }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/commands/:id',
    summary: 'What came of something you sent',
    params,
    headers: ['Idempotency-Key'],
    responses: { 200: { description: 'Its state and outcome', schema: commandSchema } },
    handler: async ({ actor, viewer, params: { id: commandId }, key }) => {
      const command = await commandById(db, commandId as CommandId)
      // of a start without a name only the key with which it was sent says whose it is
      const isUnnamed = key !== null && command?.key === keyOfUnnamed(actor.person, key)
      if (!command || (command.principal !== actor.person && !isUnnamed)) throw Problem.for('notFound')

      return { body: await commandView(service, viewer, command) }
    },
  })
}
