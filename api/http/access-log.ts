/** Writes down what people are shown, before they are: who, in what capacity, of which cases, by which door. */
import { addLooks, type Look } from '../../prisma/store/access-log'
import type { Db } from '../../prisma/store/db'
import type { CaseId, Piece } from '../../workflows/kernel/contract'
import type { Notes, Viewer } from '../../workflows/kernel/law/sight'

export interface AccessLog {
  /** Comes back when the entries are committed; throws when nobody knows that they are. */
  readonly add: (looks: readonly Look[]) => Promise<void>
}

interface Waiting {
  readonly looks: readonly Look[]
  readonly done: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Requests that come while entries are being written wait together, and their entries share the next commit: the busier the process
 * is, the less each of them costs.
 */
export function accessLogOf(db: Db): AccessLog {
  let waiting: Waiting[] = []
  let writing = false
  const write = async () => {
    writing = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await addLooks(
          db,
          batch.flatMap(({ looks }) => looks),
        )
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    writing = false
  }

  return {
    add: (looks) =>
      new Promise((done, failed) => {
        waiting.push({ looks, done, failed })
        if (!writing) void write()
      }),
  }
}

const FORBIDDEN = 403

/** What one answer shows of each case. */
export interface AnswerNotes extends Notes {
  /** the viewer, whose looks are noted here */
  readonly viewer: Viewer
  /** an entry for cases of which the same is shown in the same capacity; whoever is told that it is not for him learns only that there is the case */
  readonly looks: (door: string, status: number) => Look[]
}

/** Parts of a piece say nothing beside the whole. */
function without(pieces: ReadonlySet<Piece>): Piece[] {
  const told = [...pieces].filter(
    (piece) =>
      (piece !== 'exists' || pieces.size === 1) &&
      !(piece.startsWith('answer:') && pieces.has('answers')) &&
      !(piece.startsWith('document:') && pieces.has('documents')),
  )

  return told.sort()
}

/** Begins to note what somebody is shown. */
export function notesOf(viewer: Viewer): AnswerNotes {
  const seen = new Map<CaseId, { readonly rows: Set<string>; readonly pieces: Set<Piece> }>()
  const shown: Notes['shown'] = (id, rows, piece) => {
    const noted = seen.get(id) ?? { rows: new Set<string>(), pieces: new Set<Piece>() }
    for (const row of rows) noted.rows.add(row)
    noted.pieces.add(piece)
    seen.set(id, noted)
  }
  const looks: AnswerNotes['looks'] = (door, status) => {
    const { kind, onBehalfOf, actor } = viewer
    const alike = new Map<string, { rows: string[]; pieces: Piece[]; cases: CaseId[] }>()
    for (const [id, noted] of seen) {
      const pieces: Piece[] = status === FORBIDDEN ? ['exists'] : without(noted.pieces)
      const rows = [...noted.rows].sort()
      const key = JSON.stringify([rows, pieces])
      const look = alike.get(key) ?? { rows, pieces, cases: [] }
      look.cases.push(id)
      alike.set(key, look)
    }

    return [...alike.values()].map((look) => ({ person: actor.person, kind, onBehalfOf, door, ...look }))
  }
  const notes: AnswerNotes = { shown, looks, viewer: { ...viewer, notes: { shown } } }

  return notes
}
