/**
 * A process whose code can fail at every place that a process supplies: `breaks` names the place. The mended release (`mended.ts`)
 * is the same code without the failures.
 */
import { ApplicationFailure } from '@temporalio/workflow'
import { openCase } from '../../../../workflows/kernel/casefile'
import type { CaseFile } from '../../../../workflows/kernel/casefile'
import { addTerm, endOf } from '../../../../workflows/kernel/law/calendar'
import { defineContract } from '../../../../workflows/kernel/contract'
import type {
  Addressee,
  BodyKey,
  Closing,
  Due,
  IsoDate,
  PersonId,
  Rulebook,
} from '../../../../workflows/kernel/contract'
import type { CaseInput } from '../../../../workflows/kernel/protocol/messages'
import { SEEN_BY_ALL } from '../../../support/sees'

export const contract = defineContract({
  name: 'mishap',
  version: 1,
  stages: ['leaving', 'away'],
  moves: { start: ['leaving'], leaving: ['away'], away: ['back'] },
  ends: ['back'],
  startedBy: ['hr'],
  tasks: {
    leave: {},
    agree: {},
    vote: { commission: { countedBy: 'choice', withoutQuorum: 'fail', tie: 'fail' } },
  },
  acts: { move: { by: ['hr'] }, again: { by: ['hr'], turn: true }, cancel: { by: ['head'], turn: true } },
  sees: SEEN_BY_ALL,
  documents: {},
  terms: ['errand.do'],
  rules: {},
  reasons: ['waited'],
  clocks: ['away'],
})

/** Where the code fails; `outside`: nowhere, but the story counts a term from the answer. */
export type Place =
  | 'firstFacts'
  | 'start'
  | 'check'
  | 'act'
  | 'actOnPast'
  | 'due'
  | 'dueLater'
  | 'of'
  | 'exclude'
  | 'parties'
  | 'answer'
  | 'notAnError'
  | 'temporalFailure'
  | 'neverAwaited'
  | 'together'
  | 'first'
  | 'during'
  | 'commission'
  | 'outside'

interface Facts {
  readonly body: BodyKey
  readonly breaks: Place
  readonly from: IsoDate
  /** the answer has been heard */
  readonly left: boolean
  /** moved by an act */
  readonly moved: boolean
}

interface Mishap {
  readonly contract: typeof contract
  readonly facts: Facts
  readonly answers: {
    readonly leave: { readonly from: IsoDate }
    readonly agree: object
    readonly vote: { readonly choice: string }
  }
  readonly acts: { readonly move: object; readonly again: object; readonly cancel: object }
}

export interface Form {
  readonly breaks: Place
  readonly doer: PersonId
}
type File = CaseFile<Mishap>

class Unforeseen extends Error {
  override name = 'Unforeseen'
}

export const mishapOf = (broken: boolean) => {
  const failsAt = (place: Place, breaks: Place): void => {
    if (broken && breaks === place) throw new Unforeseen(`nobody thought of ${place}`)
  }
  const rulebook: Rulebook<Mishap> = {
    check: (_kind, _answer, facts, { today, stage, actor, daysOff }) => {
      failsAt('check', (facts as unknown as Facts).breaks)
      // an act sees as much
      return today && stage && actor && daysOff.to > today ? null : { from: 'invalid' }
    },
    parties: (facts) => {
      if (facts.left) failsAt('parties', facts.breaks)

      return {}
    },
    acts: {
      move: (facts) => {
        failsAt('act', facts.breaks)
        // only when it is applied to the facts as they once were, which no validator does
        if (!facts.left) failsAt('actOnPast', facts.breaks)

        return { facts: { ...facts, moved: true } }
      },
      again: () => ({ turn: true }),
      cancel: () => ({ turn: true }),
    },
  }

  return async function mishap(input: CaseInput<Form>): Promise<Closing> {
    const { breaks } = input.form
    const { body } = input
    const fails = (place: Place) => failsAt(place, breaks)
    fails('firstFacts')
    const from = input.clock.base.case.slice(0, 10) as IsoDate
    const hr: Addressee = { role: 'hr', body }

    return openCase<Mishap, Form>(contract, rulebook, input, { body, breaks, from, left: false, moved: false }, story)

    async function story(file: File): Promise<Closing<'back'>> {
      fails('start')
      if (broken && breaks === 'temporalFailure') throw ApplicationFailure.create({ message: breaks })
      const ends = (): Due => {
        if (file.facts.moved) fails('due')
        if (file.facts.left) fails('dueLater')

        return endOf({ from: file.facts.from, terms: [file.term('errand.do')], pauses: [] }, file.daysOff)
      }
      file.clock('away', ends, () => file.facts.from)
      file.enter('leaving')
      const leave = await file.ask('leave', {
        of: () => {
          if (file.facts.moved) fails('of')

          return hr
        },
        exclude: () => {
          if (file.facts.moved) fails('exclude')

          return []
        },
        actsOn: 'away',
      })
      fails('answer')
      if (broken && breaks === 'notAnError') await thrown('a text')
      if (breaks === 'neverAwaited') void forgotten()
      if (breaks === 'outside') file.note({ from: leave.answer.from })
      file.note({ left: true })
      file.enter('away')
      await file.during(['again'], async (part) => {
        fails('during')
        await sideBySide(part)
      })

      return file.close('back', { code: 'waited' })
    }

    async function forgotten(): Promise<void> {
      await Promise.resolve()
      fails('neverAwaited')
    }

    async function sideBySide(file: File): Promise<void> {
      const agree = (branch: File) => branch.ask('agree', { of: hr })
      const breaking = async (branch: File, place: Place) => {
        fails(place)
        await agree(branch)
      }
      if (breaks === 'together') await file.together([agree, (branch) => breaking(branch, 'together')])
      else if (breaks === 'first') await file.first([agree, (branch) => breaking(branch, 'first')])
      else if (breaks === 'commission') await voted(file)
      else await agree(file)
    }

    async function voted(file: File): Promise<void> {
      const { doer } = input.form
      const exclude = (): PersonId[] => {
        fails('commission')

        return []
      }
      await file.commission('vote', {
        members: [doer],
        chair: doer,
        quorum: 1,
        within: () => addTerm(file.today, file.term('errand.do'), file.daysOff),
        exclude,
      })
    }
  }
}

/** Not everything that is thrown is an error. */
const thrown = (what: unknown): Promise<never> =>
  new Promise<never>((...settle: [unknown, (what: unknown) => void]) => settle[1](what))
