/** What a case takes with it of the law and the calendar, on the day on which it is opened. */
import type { KernelActivities } from './activities'
import type { BodyKey, IsoDate } from './contract'
import type { StoryContract } from './story'

/** Terms of the kernel itself, taken by every case beside those of its contract. */
const KERNEL_TERMS = ['kernel.remindBefore']

/** What it asks of the register; `regime` is one chosen by hand, or null for the one in force. */
export const openingQuestion = (
  { name, terms, rules }: Pick<StoryContract, 'name' | 'terms' | 'rules'>,
  { body, on, regime }: { readonly body: BodyKey; readonly on: IsoDate; readonly regime: string | null },
): Parameters<KernelActivities['opening']>[0] => ({
  process: name,
  body,
  on,
  terms: [...terms, ...KERNEL_TERMS],
  rules,
  regime,
})
