/** One way to add a route: what is validated, what is documented and what runs come from the same few lines. */
import { pipeline } from 'node:stream/promises'
import type { Express, Request, Response } from 'express'
import { z } from 'zod'
import type { IsoDate, PersonId, Actor } from '../../workflows/kernel/contract'
import { fieldErrors } from '../../workflows/kernel/forms'
import type { Viewer } from '../../workflows/kernel/law/sight'
import type { Look } from '../../prisma/store/access-log'
import { notesOf, type AccessLog, type AnswerNotes } from './access-log'
import { idempotencyKey as keyFormat } from './fields'
import { isPlainText, refuseUnstorable } from './input'
import { Problem, invalid } from './problems'
import type { Problem as ProblemBody } from '../../workflows/kernel/protocol/problem'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export interface ResponseSpec {
  readonly description: string
  readonly schema?: z.ZodType
  /** media type, when it is not JSON */
  readonly type?: string
}

export interface Reply {
  readonly status?: number
  readonly body?: unknown
  /** instead of a body, what is sent as it comes */
  readonly stream?: AsyncIterable<Uint8Array>
  readonly headers?: Readonly<Record<string, string>>
}

export interface Asked<P, Q, B> {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly request: Request
  readonly response: Response
  /** Idempotency-Key, when one was sent */
  readonly key: string | null
  /** version in If-Match, when one was sent */
  readonly ifMatch: number | null
}

export interface AskedBy<P, Q, B> extends Asked<P, Q, B> {
  readonly actor: Actor
  /** the same person as he looks at cases */
  readonly viewer: Viewer
  readonly today: IsoDate
}

interface Spec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Method
  /** `/api/tasks/:id` */
  readonly path: string
  readonly summary: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** the handler reads the body by itself: it is the bytes of a file */
  readonly bytes?: true
  readonly responses: Readonly<Record<number, ResponseSpec>>
  /** headers that the documentation names */
  readonly headers?: readonly ('Idempotency-Key' | 'If-Match')[]
}

/** Nobody signed in is needed for an open route. Its handler answers by itself when it returns null. */
export type OpenSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Spec<P, Q, B> & {
  readonly handler: (asked: Asked<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply | null>
}
export type SignedSpec<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Spec<P, Q, B> & {
  readonly handler: (asked: AskedBy<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply | null>
}
export type AnySpec = Spec<z.ZodType, z.ZodType, z.ZodType> & { readonly open: boolean }

export interface RouteDeps {
  /** who is signed in, or null */
  readonly identify: (request: Request) => PersonId | null
  /** the person with his roles of the day; null when there is no such person */
  readonly actorOf: (person: PersonId) => Promise<{ actor: Actor; viewer: Viewer; today: IsoDate } | null>
  /** writes down what is shown of cases; nothing is shown unless it is written */
  readonly accessLog: AccessLog
  /** tests: an answer that does not fit its schema is an error, and so is what this says of what it shows */
  readonly check: AnswerCheck | null
}

/** Throws for an answer that shows something of other cases than those of which that is noted. */
export type AnswerCheck = (answer: {
  readonly spec: AnySpec
  readonly params: Readonly<Record<string, unknown>>
  readonly reply: Reply
  readonly looks: readonly Look[]
}) => Promise<void>

/** Does a problem say anything of what was found? Whoever is told that nothing is there, or that something failed, is told nothing of it. */
const isAbout = ({ status }: ProblemBody): boolean => status < 500 && status !== 404

const refused = (body: ProblemBody): Reply => ({ status: body.status, body })

const none = z.strictObject({})

/** Adds routes to an app and remembers them for /openapi.json and for the 405 of a known path. */
export class Routes {
  readonly specs: AnySpec[] = []

  constructor(
    private readonly app: Express,
    private readonly deps: RouteDeps,
  ) {}

  /** A route for anybody. */
  open<P extends z.ZodType = typeof none, Q extends z.ZodType = typeof none, B extends z.ZodType = z.ZodUnknown>(
    spec: OpenSpec<P, Q, B>,
  ): void {
    this.add(spec, true, async (request, response) => {
      const reply = await spec.handler(this.read(spec, request, response))
      if (reply) await this.answer(spec, response, reply)
    })
  }

  /** A route for whoever is signed in. */
  signed<P extends z.ZodType = typeof none, Q extends z.ZodType = typeof none, B extends z.ZodType = z.ZodUnknown>(
    spec: SignedSpec<P, Q, B>,
  ): void {
    this.add(spec, false, async (request, response) => {
      const person = this.deps.identify(request)
      const known = person && (await this.deps.actorOf(person))
      if (!known) throw Problem.for('notSignedIn')

      const notes = notesOf(known.viewer)
      const asked = { ...this.read(spec, request, response), ...known, viewer: notes.viewer }
      const reply = await spec.handler(asked).catch(async (error: unknown) => {
        // a refusal is an answer too: of whoever finds the case, and by the rules about what is in it
        if (error instanceof Problem && isAbout(error.body))
          await this.log({ ...spec, open: false }, request, refused(error.body), notes, 'notLogged')
        throw error
      })
      if (!reply) return
      // a command on its way says nothing but what its sender sent, and is stored whatever else cannot be written just now
      const didNothing = spec.method === 'get' || (reply.status ?? 200) >= 400
      const unlogged = didNothing ? 'notLogged' : 'handledNotLogged'
      if ((reply.body !== undefined || reply.stream) && reply.status !== 202)
        await this.log({ ...spec, open: false }, request, reply, notes, unlogged)
      await this.answer(spec, response, reply)
    })
  }

  /** Answers 405 at known paths and 404 under /api for all that is left. Call when every route is there. */
  close(): void {
    for (const path of new Set(this.specs.map((spec) => spec.path))) {
      const allowed = this.specs.filter((spec) => spec.path === path).map((spec) => spec.method.toUpperCase())
      this.app.all(path, (_request, response) => {
        response.set('Allow', allowed.join(', '))
        throw Problem.for('methodNotAllowed')
      })
    }
    this.app.use('/api', () => {
      throw Problem.for('notFound')
    })
  }

  private add(
    spec: Spec<z.ZodType, z.ZodType, z.ZodType>,
    open: boolean,
    run: (request: Request, response: Response) => Promise<void>,
  ): void {
    this.specs.push({ ...spec, open })
    this.app[spec.method](spec.path, async (request, response) => {
      response.locals['route'] = spec.path
      await run(request, response)
    })
  }

  /** Writes down what the answer shows of cases, before any of it leaves; throws a problem of this code when that cannot be done. */
  private async log(
    spec: AnySpec,
    request: Request,
    reply: Reply,
    notes: AnswerNotes,
    unlogged: 'notLogged' | 'handledNotLogged',
  ): Promise<void> {
    const looks = notes.looks(`${spec.method.toUpperCase()} ${spec.path}`, reply.status ?? 200)
    await this.deps.check?.({ spec, params: request.params, reply, looks })
    if (looks.length === 0) return
    try {
      await this.deps.accessLog.add(looks)
    } catch (error) {
      throw Problem.for(unlogged, { cause: error })
    }
  }

  private read<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
    spec: Spec<P, Q, B>,
    request: Request,
    response: Response,
  ): Asked<z.output<P>, z.output<Q>, z.output<B>> {
    const params = (spec.params ?? none).safeParse(request.params)
    // an id that cannot be one names nothing
    if (!params.success || !Object.values(request.params).every((value) => isPlainText(String(value)))) {
      throw Problem.for('notFound')
    }
    const query = (spec.query ?? none).safeParse({ ...request.query })
    if (!query.success) throw Problem.for('badQuery', { errors: fieldErrors(query.error) })
    if (!isPlainText(JSON.stringify(request.query)) || /%00/.test(request.url)) throw Problem.for('badQuery')

    return {
      params: params.data as z.output<P>,
      query: query.data as z.output<Q>,
      body: this.readBody(spec, request),
      request,
      response,
      key: readKey(request),
      ifMatch: readIfMatch(request),
    }
  }

  private readBody<B extends z.ZodType>(spec: Spec<z.ZodType, z.ZodType, B>, request: Request): z.output<B> {
    if (!spec.body) return undefined as z.output<B>
    const given: unknown = request.body
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw Problem.for('malformed', { detail: 'The body must be a JSON object' })
    }
    refuseUnstorable(given)
    const body = spec.body.safeParse(given, { reportInput: true })
    if (!body.success) throw invalid(fieldErrors(body.error))

    return body.data
  }

  private async answer(spec: Spec<z.ZodType, z.ZodType, z.ZodType>, response: Response, reply: Reply): Promise<void> {
    const status = reply.status ?? 200
    const described = spec.responses[status]
    if (this.deps.check) {
      if (!described) throw new Error(`${spec.method} ${spec.path} answers ${status}, which it does not declare`)
      described.schema?.parse(JSON.parse(JSON.stringify(reply.body ?? null)))
    }
    response.status(status)
    for (const [header, value] of Object.entries(reply.headers ?? {})) response.set(header, value)
    if (reply.stream) await sendStream(reply.stream, response)
    else if (described?.type) response.type(described.type).send(reply.body)
    else if (reply.body === undefined) response.end()
    else response.json(reply.body)
  }
}

/** Sends what comes as it comes, no faster than it is taken. Whoever goes away ends it; what fails in the middle cuts the answer off. */
async function sendStream(stream: AsyncIterable<Uint8Array>, response: Response): Promise<void> {
  await pipeline(stream, response).catch((error: unknown) => {
    response.destroy()
    if (!isGoneAway(error)) throw error
  })
}
const isGoneAway = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'

function readKey(request: Request): string | null {
  const given = request.get('Idempotency-Key')
  if (given === undefined) return null
  if (!keyFormat.safeParse(given).success)
    throw Problem.for('malformed', { detail: 'Idempotency-Key must be 1 to 200 printable characters' })

  return given
}

/** `"7"` or `7`. */
function readIfMatch(request: Request): number | null {
  const given = request.get('If-Match')
  if (given === undefined) return null
  const found = /^(?:W\/)?"?(\d{1,9})"?$/.exec(given)
  // a tag we never gave out cannot be the present one
  if (!found) throw Problem.for('stale')

  return Number(found[1])
}
