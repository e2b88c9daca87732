/**
 * Sends what cases have sent each other, as soon as it is stored, and sends again, under the same id, every stored command that has no outcome: after a crash, or when Temporal was away. Once a day it
 * forgets the keys that are past their promise and the drafts that nobody goes on with, or can; expired sessions are taken away by their own store.
 */
import { forgetKeys, takeLinkedCommands, takePendingCommands, type StoredCommand } from '../../prisma/store/commands'
import { forgetDrafts } from '../../prisma/store/drafts'
import { sendAgain } from '../commands/submit'
import type { Service } from '../service/service'
import { startRounds, wakerOf, type Rounds } from './rounds'

const EVERY_MS = 2000
/** longer than a request waits, so that a command under way is not sent twice for nothing */
const OLDER_THAN_S = 10
const AT_ONCE = 20
const DAY_MS = 24 * 60 * 60 * 1000

/** how many commands between cases are on their way at once: enough for fifty cases that hang to leave room for the others */
const LINKED_AT_ONCE = 250
/** Nobody waits for the answer: what has none by then is asked for again later. */
const LINKED_WAIT_MS = 3000

export type Dispatching = Pick<
  Service,
  'answerWithinMs' | 'db' | 'engine' | 'live' | 'log' | 'metrics' | 'now' | 'processes'
>

/** Starts to send and to forget. */
export function startDispatcher(service: Dispatching): Rounds {
  const parts = [startResending(service), startLinked(service)]

  return { stop: async () => void (await Promise.all(parts.map((part) => part.stop()))) }
}

/**
 * Sends what cases send to cases. Looks whenever one of them has sent something, when something sent has its outcome (the next to the
 * same case may go), and every two seconds.
 */
function startLinked(service: Dispatching): Rounds {
  const sender = { ...service, answerWithinMs: LINKED_WAIT_MS }
  const flying = new Set<Promise<void>>()
  const waker = wakerOf()
  service.live.onCommand(waker.wake)
  const send = (command: StoredCommand) => {
    const sent = sendAgain(sender, command)
      .then(() => undefined)
      .finally(() => {
        flying.delete(sent)
        waker.wake()
      })
    flying.add(sent)
  }
  const rounds = startRounds(
    service,
    { everyMs: EVERY_MS, failure: 'what cases send each other could not be sent in this round', wakes: waker },
    async () => {
      const room = LINKED_AT_ONCE - flying.size
      if (room > 0) for (const command of await takeLinkedCommands(service.db, room)) send(command)

      return 'done'
    },
  )

  return {
    stop: async () => {
      await rounds.stop()
      await Promise.all(flying)
    },
  }
}

function startResending(service: Dispatching): Rounds {
  let forgottenAt = 0
  const forget = async () => {
    const now = service.now()
    if (now - forgottenAt < DAY_MS) return
    // some at a time, so that nobody's command waits for it
    const forgotten = (await forgetKeys(service.db, now)) + (await forgetDrafts(service.db, now))
    if (forgotten === 0) forgottenAt = now
  }
  const began = Date.now()
  // what was sent before this process began may have been sent by one that is dead: nobody else waits for its outcome
  const olderThan = () => Math.min(OLDER_THAN_S, Math.floor((Date.now() - began) / 1000))
  const failure = 'commands could not be sent again in this round'

  return startRounds(service, { everyMs: EVERY_MS, failure }, async () => {
    const pending = await takePendingCommands(service.db, AT_ONCE, olderThan())
    await Promise.all(pending.map((command) => sendAgain(service, command)))
    if (pending.length === AT_ONCE) return 'more'
    await forget()

    return 'done'
  })
}
