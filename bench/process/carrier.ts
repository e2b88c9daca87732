/** A bare workflow that tells a case one message after another by an activity: what the dispatcher is measured against (ADR 10). */
import { proxyActivities } from '@temporalio/workflow'
import type { CommandId } from '../../workflows/kernel/contract'

export interface Message {
  readonly command: CommandId
  readonly [field: string]: unknown
}

const { deliver } = proxyActivities<{ deliver(message: Message): Promise<unknown> }>({
  startToCloseTimeout: '30 seconds',
})

export async function carrier(messages: readonly Message[]): Promise<void> {
  for (const message of messages) await deliver(message)
}
