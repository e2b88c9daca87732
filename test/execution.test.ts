/** Carrying out a decision whose case withdraws it, and whose appeal cancels it. */
import { randomUUID } from 'node:crypto'
import { openCase } from '../workflows/kernel/casefile'
import { defineContract } from '../workflows/kernel/contract'
import type { Closing, IsoDate, Rulebook } from '../workflows/kernel/contract'
import { addDays, isoDate } from '../workflows/kernel/law/calendar'
import type { CaseInput } from '../workflows/kernel/protocol/messages'
import { InMemoryCase, type Told } from './support/in-memory-case'
import { calendarWith, probationUnder } from './support/in-memory-probation'
import { SEEN_BY_ALL } from './support/sees'

jest.mock('@temporalio/workflow', () => jest.requireActual<object>('./support/in-memory-temporal'))

const contract = defineContract({
  name: 'fine',
  version: 1,
  stages: ['carrying'],
  moves: { start: ['carrying'], carrying: ['kept', 'paid'] },
  ends: ['kept', 'paid'],
  startedBy: ['hr'],
  tasks: { findError: {} },
  acts: { cancel: { by: ['head'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: { order: {} },
  decisions: { order: {} },
  terms: [],
  rules: {},
  reasons: ['inError', 'done'],
  effects: ['collect'],
})

interface Fine {
  readonly contract: typeof contract
  readonly facts: { readonly from: IsoDate }
  readonly answers: { readonly findError: object }
  readonly acts: { readonly cancel: object }
  readonly effects: { readonly collect: { readonly request: { readonly on: IsoDate }; readonly value: null } }
}

const rulebook: Rulebook<Fine> = { check: () => null, parties: () => ({}), acts: { cancel: () => ({ turn: true }) } }

/** A fine that has effect in ten days; whoever finds an error meanwhile withdraws it. */
const fine = (input: CaseInput<object>): Promise<Closing> =>
  openCase<Fine, object>(contract, rulebook, input, { from: ON }, async (file) => {
    file.enter('carrying')
    file.decide('order', () => addDays(ON, 10))
    const came = await file.execute(
      'order',
      'collect',
      (on) => ({ on }),
      async (branch) => {
        await branch.ask('findError', { of: { role: 'hr', body: input.body } })
        branch.withdraw('order', 'inError')
      },
    )

    return came === 'carriedOut' ? file.close('paid', { code: 'done' }) : file.close('kept', { code: 'inError' })
  })

const ON = isoDate('2026-03-02')
const told: Told = {
  ...probationUnder('R4'),
  contract,
  run: fine,
  form: {},
  on: ON,
  law: { terms: [], rules: [] },
}
const begun = () => InMemoryCase.play(told, calendarWith())
const appealed = (file: InMemoryCase, outcome: string) =>
  file.does({
    acts: 'decidedOnAppeal',
    with: { document: file.now.decisions?.[0]?.document ?? '', outcome },
    more: { actor: { case: randomUUID(), parts: ['appeal'] } },
  })
const withdrawn = (file: InMemoryCase) => file.now.decisions?.map((each) => each.withdrawn?.ground)

test('a decision that its case withdrew is not withdrawn once more when its appeal cancels it', async () => {
  const file = await begun()
  await file.does({ answers: 'findError', with: {} })
  expect(withdrawn(file)).toEqual(['inError'])
  await appealed(file, 'cancelled')
  expect(withdrawn(file)).toEqual(['inError'])
  expect(file.now).toMatchObject({ status: 'closed', outcome: 'kept' })
  expect(file.effects).toEqual([])
})

test('one that stands is withdrawn by the appeal that cancels it, at once', async () => {
  const file = await begun()
  await appealed(file, 'cancelled')
  expect(withdrawn(file)).toEqual(['appeal.cancelled'])
  expect(file.now).toMatchObject({ status: 'closed', outcome: 'kept' })
  expect(file.effects).toEqual([])
})

test('one that was withdrawn is not carried out on its day', async () => {
  const file = await begun()
  await file.does({ answers: 'findError', with: {} })
  await file.does({ comes: addDays(ON, 10) })
  expect(file.now).toMatchObject({ status: 'closed', outcome: 'kept' })
  expect(file.effects).toEqual([])
})
