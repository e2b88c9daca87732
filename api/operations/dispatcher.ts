/**
 * Sends again, under the same id, every stored command that has no outcome: after a crash, or when Temporal was away. Once a day it
 * forgets the keys that are past their promise and the drafts that nobody goes on with, or can; expired sessions are taken away by their own store.
 */
import { forgetKeys, takePendingCommands } from '../../prisma/store/commands'
import { forgetDrafts } from '../../prisma/store/drafts'
import { sendAgain } from '../commands/submit'
import type { Service } from '../service/service'
import { startRounds, type Rounds } from './rounds'

const EVERY_MS = 2000
/** longer than a request waits, so that a command under way is not sent twice for nothing */
const OLDER_THAN_S = 10
const AT_ONCE = 20
const DAY_MS = 24 * 60 * 60 * 1000

/** Starts to send again and to forget. */
export function startDispatcher(service: Service): Rounds {
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
