/** Files: uploaded for a field of a form, named beside the answers that hold their ids, and read by whoever sees those answers. */
import { z } from 'zod'
import { filesByIds, forgetFile, type FileRow } from '../../prisma/store/files'
import { FILE_KINDS, type FileId } from '../../workflows/kernel/contract'
import { fileFieldAt } from '../../workflows/kernel/forms'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import { uploadFile } from '../commands/upload-file'
import { formAddress, id, many, plain } from '../http/fields'
import { Problem, forbidden } from '../http/problems'
import type { Routes } from '../http/route'
import { seesFile } from '../policy/files'
import { attachment } from '../service/file-name'
import type { Service } from '../service/service'
import * as schemas from '../shapes/schemas'
import type { FileView } from '../shapes/views'
import { formOfProcess } from './forms'

const params = z.strictObject({ id })

const fileView = ({ id: own, name, kind, size }: Pick<FileRow, 'id' | 'name' | 'kind' | 'size'>): FileView => ({
  ...{ id: own, name, kind, size },
})

/** Content-Length of a request, where it says one. */
const lengthOf = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null

export function fileRoutes(routes: Routes, service: Service): void {
  const { db, files: store } = service

  async function seen(viewer: Viewer, fileId: string): Promise<FileRow> {
    const [row = null] = await filesByIds(db, [fileId])
    const sight = await seesFile(service, viewer, fileId, row)
    if (row === null || sight === 'none') throw Problem.for('notFound')
    if (sight === 'hidden') throw forbidden({ code: 'policy.contentHidden' })

    return row
  }

  routes.signed({
    method: 'post',
    path: '/api/files',
    summary: 'Upload a file for a field of a form: the body is its bytes',
    query: z.strictObject({
      form: formAddress.meta({
        description: 'The form: `task:<id>:complete`, `act:<case id>:<act>`, `start:<process>:<body>`',
      }),
      field: z
        .string()
        .min(1)
        .max(200)
        .regex(/^[\w.-]+$/)
        .meta({ description: 'The field, by its dotted place in the form' }),
      name: plain.min(1).max(1000).meta({ description: 'What the file is called' }),
    }),
    bytes: true,
    responses: { 201: { description: 'Kept; the field of the form is given its id', schema: schemas.fileView } },
    handler: async ({ actor, viewer, query: { form, field, name }, request }) => {
      const at = await formOfProcess(service, deciding(viewer), form)
      const accepts = at?.form ? fileFieldAt(at.form, field) : null
      if (!accepts) throw Problem.for('notFound')
      const file = await uploadFile(service, {
        person: actor.person,
        ...{ name, accepts, bytes: request.iterator({ destroyOnReturn: false }) },
        length: request.get('Transfer-Encoding') === undefined ? lengthOf(request.get('Content-Length') ?? '0') : null,
        isCutOff: () => !request.complete && request.destroyed,
      }).catch((error: unknown) => {
        // what is still on its way is let go by, or whoever sends it would never read the answer
        request.resume()
        throw error
      })

      return { status: 201, body: fileView(file) }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/files',
    summary: 'Names, kinds and sizes of files, of those that you may read',
    query: z.strictObject({ id: many(id) }),
    responses: {
      200: { description: 'Those that you may read', schema: z.strictObject({ data: z.array(schemas.fileView) }) },
    },
    handler: async ({ viewer, query: { id: ids } }) => {
      const rows = await filesByIds(db, ids)
      const seenOf = async (asked: string): Promise<FileRow[]> => {
        const row = rows.find((each) => each.id === asked) ?? null

        return (await seesFile(service, viewer, asked, row)) === 'seen' && row ? [row] : []
      }

      return { body: { data: (await Promise.all([...new Set(ids)].map(seenOf))).flat().map(fileView) } }
    },
  })
  routes.signed({
    method: 'get',
    path: '/api/files/:id/content',
    summary: 'The bytes of a file, to be kept',
    params,
    responses: { 200: { description: 'Its bytes', type: 'application/octet-stream' } },
    handler: async ({ viewer, params: { id: fileId } }) => {
      const { name, kind, size, storeKey } = await seen(viewer, fileId)

      return {
        stream: whole(store.read(storeKey), size),
        headers: {
          'Content-Type': FILE_KINDS[kind].media,
          'Content-Length': String(size),
          'Content-Disposition': attachment(name),
          // whatever is in it, no browser is to run it under our address
          'Content-Security-Policy': "sandbox; default-src 'none'",
          'X-Content-Type-Options': 'nosniff',
        },
      }
    },
  })
  routes.signed({
    method: 'delete',
    path: '/api/files/:id',
    summary: 'Take away a file that you uploaded and did not send',
    params,
    responses: { 204: { description: 'Taken away' } },
    handler: async ({ actor, params: { id: fileId } }) => {
      if (!(await forgetFile(db, fileId as FileId, actor.person))) throw Problem.for('notFound')

      return { status: 204 }
    },
  })
}

/** The bytes, if they are as many as there should be; an answer that is too short is cut off, so that nobody takes it for the file. */
async function* whole(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let sent = 0
  for await (const chunk of bytes) {
    sent += chunk.length
    yield chunk
  }
  if (sent !== size) throw Problem.for('fileDamaged')
}
