/** The Temporal Schedule of what happens once a day: one for all workers, made by whichever starts first. */
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client'
import { DAILY_ZONE, TASK_QUEUE } from '../workflows/kernel/protocol/messages'

export const DAILY = 'mansap-daily'

/**
 * Days that were missed while nothing ran are caught up, each as the day it was; one after another, because the next of them would
 * be left out if it were skipped while the one before is under way.
 */
const scheduleOn = (taskQueue: string): ScheduleOptions => ({
  scheduleId: DAILY,
  spec: { calendars: [{ hour: 0, minute: 5 }], timezone: DAILY_ZONE },
  action: { type: 'startWorkflow', workflowType: 'daily', workflowId: DAILY, taskQueue, args: [] },
  policies: { overlap: ScheduleOverlapPolicy.BUFFER_ALL, catchupWindow: '30 days' },
})

/** Makes the schedule, or brings the one that is there to what this release says. */
export async function keepDailySchedule({ schedule }: Client, taskQueue = TASK_QUEUE): Promise<void> {
  const { scheduleId, ...options } = scheduleOn(taskQueue)
  try {
    await schedule.create({ scheduleId, ...options })
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error
    await schedule.getHandle(scheduleId).update(({ state }) => ({ ...options, state }))
  }
}
