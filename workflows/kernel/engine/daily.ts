/** What happens once a day without anybody: the worker keeps a Temporal Schedule that runs this workflow. */
import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { ClockActivities } from '../protocol/activities'
import { DAILY_ZONE } from '../protocol/messages'
import { localDate } from '../law/calendar'
import { instant } from '../law/case-clock'

const activities = proxyActivities<ClockActivities>({
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '4 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
})

/** Of a day that was missed, the day on which it should have run. */
const scheduledAt = (): Date => {
  const { searchAttributes, startTime } = workflowInfo()
  const [scheduled] = searchAttributes['TemporalScheduledStartTime'] ?? []

  return scheduled instanceof Date ? scheduled : startTime
}

export async function daily(): Promise<void> {
  await activities.startByClock({ day: localDate(instant(scheduledAt().getTime()), DAILY_ZONE) })
}
