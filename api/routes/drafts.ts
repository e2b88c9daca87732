/** What somebody has typed into a form and not sent, kept under the address of the form for him alone. */
import { z } from 'zod'
import { discardDraft, draftAt, saveDraft, type Draft } from '../../prisma/store/drafts'
import { deciding, type Viewer } from '../../workflows/kernel/law/sight'
import { anyForm, formAddress, id, key } from '../http/fields'
import { Problem } from '../http/problems'
import type { Routes } from '../http/route'
import type { Service } from '../service/service'
import * as schemas from '../shapes/schemas'
import type { DraftView, StaleDraft } from '../shapes/views'
import { formOfProcess } from './forms'
import { ownChangeForm, ownEntryForm } from './own-registers'
import { changeForm, entryForm } from './register'

const LARGEST = 65_536

/** The address of a form in its one spelling, when the viewer may fill the form in now; throws why he may not. */
async function mayFillIn(service: Service, viewer: Viewer, address: string): Promise<string> {
  const { actor } = viewer
  const known = await formOfProcess(service, viewer, address)
  if (known) return known.address
  const [of = '', register = '', ...row] = address.split(':')
  switch (of) {
    case 'enter': {
      const entered = address.slice('enter:'.length)

      return ownEntryForm(service, actor, entered) ?? entryForm(actor, entered)
    }
    case 'change': {
      const changed = row.join(':')

      return (await ownChangeForm(service, actor, register, changed)) ?? changeForm(service, actor, register, changed)
    }
    default:
      throw Problem.for('notFound')
  }
}

const draftView = ({ version, form, savedAt }: Draft): DraftView => ({
  version,
  form,
  savedAt: savedAt?.toISOString() ?? null,
})
const stale = (draft: Draft): StaleDraft => ({ ...Problem.for('stale').body, draft: draftView(draft) })

export function draftRoutes(routes: Routes, service: Service): void {
  const { db, now } = service
  const path = '/api/drafts/:address'
  const params = z.strictObject({
    address: formAddress.meta({
      description:
        'The form: `task:<id>:<verb>`, `act:<case id>:<act>`, `start:<process>:<body>`, `enter:<register>` or `change:<register>:<row id>`',
    }),
  })
  /** Takes note of the case whose form was filled in, where the text of a draft comes back; whoever keeps one is shown nothing but what he sends. */
  async function showing(viewer: Viewer, { form }: Draft, address: string): Promise<void> {
    if (form !== null) await mayFillIn(service, viewer, address)
  }
  const staleDraft = {
    description: 'Another text was saved meanwhile: the draft as it is now',
    type: 'application/problem+json',
    schema: schemas.staleDraft,
  }

  routes.signed({
    method: 'get',
    path,
    summary: 'What you have typed into a form and not sent',
    params,
    responses: { 200: { description: 'Your draft; version 0 when there is none', schema: schemas.draftView } },
    handler: async ({ actor, viewer, params: { address } }) => {
      const form = await mayFillIn(service, deciding(viewer), address)
      const draft = await draftAt(db, { address: form, person: actor.person })
      await showing(viewer, draft, form)

      return { body: draftView(draft) }
    },
  })
  routes.signed({
    method: 'put',
    path,
    summary: 'Keep what you have typed; nobody else sees it',
    params,
    body: z.strictObject({
      form: anyForm,
      person: id.meta({ description: 'Who typed it; refused when somebody else is signed in by now' }),
      writer: key.meta({ description: 'A name of the open form: it is never stale against itself' }),
    }),
    headers: ['If-Match'],
    responses: { 200: { description: 'Kept', schema: schemas.draftView }, 412: staleDraft },
    handler: async ({ actor, viewer, params: { address }, body: { form, person, writer }, ifMatch }) => {
      if (person !== actor.person) throw Problem.for('notSignedIn')
      const known = await mayFillIn(service, deciding(viewer), address)
      if (ifMatch === null) throw Problem.for('versionRequired')
      if (JSON.stringify(form).length > LARGEST) throw Problem.for('tooLarge')
      const draft = { address: known, person: actor.person, form, version: ifMatch, writer, at: new Date(now()) }
      const result = await saveDraft(db, draft)
      if (result.saved) return { body: draftView(result.draft) }
      if (result.why === 'tooMany') throw Problem.for('tooLarge', { detail: 'You have too many drafts' })
      await showing(viewer, result.draft, known)

      return { status: 412, body: stale(result.draft) }
    },
  })
  routes.signed({
    method: 'delete',
    path,
    summary: 'Forget what you have typed',
    params,
    headers: ['If-Match'],
    responses: { 200: { description: 'Forgotten', schema: schemas.draftView }, 412: staleDraft },
    handler: async ({ actor, viewer, params: { address }, ifMatch }) => {
      const draft = { address: await mayFillIn(service, deciding(viewer), address), person: actor.person }
      if (ifMatch === null) throw Problem.for('versionRequired')
      const gone = await discardDraft(db, { ...draft, version: ifMatch })
      if (gone) return { body: draftView(gone) }
      const current = await draftAt(db, draft)
      if (current.form === null) return { body: draftView(current) }
      await showing(viewer, current, draft.address)

      return { status: 412, body: stale(current) }
    },
  })
}
