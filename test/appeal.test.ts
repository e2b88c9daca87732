/** The rules of an appeal, without a case. */
import { effectSince, firstFacts, offers } from '../workflows/appeal/rules'
import type { BodyKey, CaseId, IsoDate, PersonId } from '../workflows/kernel/contract'
import { isoDate } from '../workflows/kernel/law/calendar'

const EFFECTIVE = isoDate('2026-03-26')

test.each([
  ['suspends it and came before its day', '2026-03-25', true, null],
  ['suspends it and came on its day', '2026-03-26', true, EFFECTIVE],
  ['suspends it and came after its day', '2026-04-02', true, EFFECTIVE],
  ['does not suspend it', '2026-03-18', false, EFFECTIVE],
])('the decision has effect from that day unless its appeal %s', (_, receivedOn, suspends, since) => {
  expect(effectSince({ effectiveFrom: EFFECTIVE }, { receivedOn: isoDate(receivedOn), suspends })).toBe(since)
})

test.each([
  ['had no effect, so that nobody is dismissed for days in which he served', null, '2026-04-02'],
  ['had effect, and not beyond that day', EFFECTIVE, EFFECTIVE],
])('a ruling after the day of a decision that %s', (_, hadEffectFrom: IsoDate | null, from) => {
  const facts = {
    ...firstFacts(
      { case: 'case' as CaseId, document: 'dismissalAct', asks: 'change' },
      'servant' as PersonId,
      'body' as BodyKey,
    ),
    hadEffectFrom,
  }
  const days = offers.writeRuling?.days?.effectiveFrom
  expect(days?.(facts, { today: isoDate('2026-04-02') } as Parameters<NonNullable<typeof days>>[1])).toMatchObject({
    from: { on: from },
  })
})
