/** The moves that a contract declares are those that its cases make: the recorded histories say so. */
import { RECORDING } from '../workflows/kernel/protocol/activities'
import { contract as example } from './example/contract'
import { recordedHistories } from './support/histories'
import { strayMoves } from './support/moves'

interface Recorded {
  readonly activityTaskScheduledEventAttributes?: {
    readonly activityType: { readonly name: string }
    readonly input: { readonly payloads: readonly { readonly data: string }[] }
  }
}
interface Written {
  readonly process: string
  readonly version: number
  readonly events: readonly { readonly kind: string; readonly params: unknown }[]
}

/** The steps of a case, as its history gave them to be written. */
function stepsOf(history: object): Written[] {
  const { events } = history as { readonly events: readonly Recorded[] }

  return events.flatMap(({ activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled && RECORDING.includes(scheduled.activityType.name)
      ? [JSON.parse(Buffer.from(scheduled.input.payloads[0]?.data ?? '', 'base64').toString()) as Written]
      : [],
  )
}

test.each(recordedHistories())('$name makes no move that its contract does not declare', ({ history }) => {
  const steps = stepsOf(history)
  const [first] = steps
  if (!first) throw new Error('a history writes steps')
  expect(
    strayMoves(
      first.process,
      first.version,
      steps.flatMap(({ events }) => events),
    ),
  ).toEqual([])
})

test('a process whose contract is not known here is named', () => {
  expect(strayMoves('unknown', 1, [])).toEqual(['unknown@1: no contract is known to hold it against'])
})

test('a move that no contract declares is named', () => {
  const entered = (stage: string) => ({ kind: 'stageEntered', params: { stage } })
  const closed = (end: string) => ({ kind: 'caseClosed', params: { end } })
  const said = [entered('recommending'), entered('voting'), entered('announcing'), closed('cancelled')]
  expect(strayMoves(example.name, example.version, said)).toEqual(['example@1: recommending → voting'])
  expect(strayMoves(example.name, example.version, [entered('recommending'), closed('granted')])).toEqual([
    'example@1: recommending → granted',
  ])
})
