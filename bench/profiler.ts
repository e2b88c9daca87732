/** A processor profile of the process and of its worker threads, begun and ended by SIGUSR2; stories run in such threads. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import path from 'node:path'

const SAMPLE_EVERY_US = 500

/** Where the profiles go; the benchmark sets it, and without it nothing is profiled. */
export const PROFILE_FOLDER = 'MANSAP_BENCH_PROFILES'

/** Makes SIGUSR2 begin a profile, and the next one end it and write `<part>.cpuprofile` and `<part>-<thread>.cpuprofile`. */
export function profileOnSignal(part: string): void {
  const folder = process.env[PROFILE_FOLDER]
  if (!folder) return
  const session = new Session()
  session.connect()
  const threads = new Set<string>()
  const write = (name: string, profile: unknown) =>
    writeFileSync(path.join(folder, `${name}.cpuprofile`), JSON.stringify(profile))
  let asked = 0
  const tell = (thread: string, method: string, params: object = {}): number => {
    asked += 1
    session.post('NodeWorker.sendMessageToWorker', {
      sessionId: thread,
      message: JSON.stringify({ id: asked, method, params }),
    })

    return asked
  }
  const stops = new Map<number, string>()
  session.on('NodeWorker.attachedToWorker', ({ params }) => {
    threads.add(params.sessionId)
    tell(params.sessionId, 'Profiler.enable')
  })
  session.on('NodeWorker.detachedFromWorker', ({ params }) => threads.delete(params.sessionId))
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const answer = JSON.parse(params.message) as { id?: number; result?: { profile?: unknown } }
    const name = answer.id === undefined ? undefined : stops.get(answer.id)
    if (name !== undefined) write(name, answer.result?.profile)
  })
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  session.post('Profiler.enable')
  session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US })

  let running = false
  process.on('SIGUSR2', () => {
    running = !running
    if (running) {
      session.post('Profiler.start')
      for (const thread of threads) tell(thread, 'Profiler.start')
    } else {
      session.post('Profiler.stop', (error, result) => {
        if (!error) write(part, result.profile)
      })
      for (const thread of threads) stops.set(tell(thread, 'Profiler.stop'), `${part}-${thread}`)
    }
  })
}
