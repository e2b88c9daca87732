/** W3: a probation from the hiring act to the decision, in rehearsal, over HTTP; and a bare case of as many decisions. */
import { walk } from '../../scripts/walk'
import { load, Timings } from '../load'
import { latency, watch } from '../measure'
import type { Stage } from '../stage'
import type { Half } from '../system'
import { ofCases, type Measured } from './measured'

const LEAST_CASES = 2

/** One person after another plays it: at least twice, and for as long as a measurement lasts. */
export async function probation(
  stage: Stage,
  name: Half,
  seconds: number,
  stopped: AbortSignal,
  decisionsPerCase: number,
): Promise<Measured & { readonly decisionsPerCase: number }> {
  const system = stage.systems[name]
  const timings = new Timings()
  const ended: string[] = []
  const [person] = system.workers
  if (!person) throw new Error('nobody works')
  const once = async (): Promise<void> => {
    if (name === 'product') ended.push(await timings.time('case', () => walk(stage.baseUrl, () => undefined)))
    else
      ended.push(
        await timings.time('case', async () => {
          const rounds = Math.ceil(decisionsPerCase / 2)
          const id = await person.start(rounds)
          for (let n = 0; n < decisionsPerCase; n += 1)
            await timings.time('complete', async () => {
              const [task] = await system.open(id)
              if (task) await person.complete(await person.claim(task))
            })

          return id
        }),
      )
  }
  const { loaded, figures } = await watch(
    system,
    stage.meters,
    async () => {
      const first = await load([person], seconds, stopped, once)
      if (ended.length >= LEAST_CASES || stopped.aborted || first.errors > 0) return first
      const began = performance.now()
      await once()

      return { ...first, seconds: first.seconds + (performance.now() - began) / 1000 }
    },
    () => ended.length,
  )
  const last = ended.at(-1)
  const decisions = name === 'product' && last !== undefined ? await commandsOf(stage, last) : decisionsPerCase

  return {
    figures: {
      cases: ended.length,
      'decisions/case': decisions,
      'decisions/s': (decisions * ended.length) / loaded.seconds,
      ...latency('case', timings),
      // of a case, not of a decision
      ...Object.fromEntries(
        Object.entries(await ofCases(system, ended, figures)).map(([key, value]) => [
          key.startsWith('cpu') ? `${key}/case` : key,
          value,
        ]),
      ),
    },
    firstError: loaded.firstError,
    decisionsPerCase: decisions,
  }
}

async function commandsOf({ product }: Stage, caseId: string): Promise<number> {
  const { rows } = await product.query<{ n: number }>(
    `select count(*)::int as n from commands where "caseId" = $1 and kind <> 'start'`,
    [caseId],
  )

  return rows[0]?.n ?? NaN
}
