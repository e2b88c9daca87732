import { localDate } from '../../workflows/kernel/law/calendar'
import { instant } from '../../workflows/kernel/law/case-clock'
import type { IsoDate } from '../../workflows/kernel/contract'

/** Kazakhstan has had one time zone since 1 March 2024. */
const ZONE = 'Asia/Almaty'

/** The date of the day on which people act, by which their roles are looked up. */
export const today = (now: number): IsoDate => localDate(instant(now), ZONE)
