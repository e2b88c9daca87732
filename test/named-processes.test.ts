/** What a contract says of other processes and of its start form: no type of its own holds these names. */
import { processes } from '../workflows/registry'
import type { ProcessContract } from '../workflows/kernel/contract'

/** Names in the contract that nothing has. */
function unknownNames(
  { continues = [], opens = {}, appeals }: Pick<ProcessContract, 'continues' | 'opens' | 'appeals'>,
  startFields: readonly string[],
  decisionsOf: (process: string) => readonly string[] | null,
): string[] {
  const processesNamed = [
    ...continues,
    ...Object.values(opens).map(({ process }) => process),
    ...Object.keys(appeals?.decisions ?? {}),
  ]

  return [
    ...processesNamed.filter((name) => decisionsOf(name) === null),
    ...Object.entries(appeals?.decisions ?? {}).flatMap(([process, kinds]) =>
      kinds.filter((kind) => !decisionsOf(process)?.includes(kind)).map((kind) => `${process}.${kind}`),
    ),
    ...Object.values(appeals?.fields ?? {}).filter((field) => !startFields.includes(field)),
  ]
}

const served = Object.values(processes.current)
const decisionsOf = (name: string) => {
  const decisions = processes.current[name]?.contract.decisions

  return processes.current[name] ? Object.keys(decisions ?? {}) : null
}

test.each(served.map(({ contract, forms }) => [contract.name, contract, forms.start] as const))(
  'what %s names beyond its own folder is there',
  (_, contract, start) => {
    expect(unknownNames(contract, Object.keys(start.shape), decisionsOf)).toEqual([])
  },
)

test('what is not there is named', () => {
  const contract = {
    continues: ['a', 'gone'],
    opens: { next: { process: 'lost' } },
    appeals: { decisions: { a: ['order', 'misspelt'] }, fields: { case: 'case', kind: 'kindd' }, fact: 'x', again: [] },
  }
  expect(unknownNames(contract, ['case', 'kind'], (name) => (name === 'a' ? ['order'] : null))).toEqual([
    'gone',
    'lost',
    'a.misspelt',
    'kindd',
  ])
})
