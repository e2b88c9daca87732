/** A name that a contract does not declare does not compile: each of these lines is planted, and the compiler has to find it. */
import { complaintsOf } from './support/compiler'

const STORY = `
import type { CaseFile } from '../workflows/kernel/casefile'
import type { Example } from './example/rules'
export async function story(file: CaseFile<Example>): Promise<void> {
  const of = { role: 'hr', body: file.facts.body } as const
  await file.ask('announce', { of })
`
const PROBATION = STORY.replaceAll('Example', 'Probation')
  .replace('./example/rules', '../workflows/probation/rules')
  .replace("'announce'", "'appointMentor'")
const INQUEST = STORY.replaceAll('Example', 'Inquest')
  .replace('./example/rules', './workflows/kernel/inquest')
  .replace("'announce'", "'look'")
  .replace('file.facts.body', "'ministryFinance' as BodyKey")
  .replace('import type', "import type { BodyKey } from '../workflows/kernel/contract'\nimport type")
const inInquest = (line: string): string => `${INQUEST}  ${line}\n}\n`
const inStory = (line: string): string => `${STORY}  ${line}\n}\n`
const inProbation = (line: string): string => `${PROBATION}  ${line}\n}\n`

/** A contract with one place to go wrong in. */
const contractWith = (changes: Record<string, string>): string => {
  const parts: Record<string, string> = {
    name: "'small'",
    version: '1',
    stages: "['open']",
    moves: "{ start: ['open'], open: ['done'] }",
    ends: "['done']",
    startedBy: "['hr']",
    tasks: "{ look: { within: 'small.look' }, vote: {} }",
    acts: "{ cancel: { by: ['head'], turn: true } }",
    sees: 'SEEN_BY_ALL',
    documents: '{}',
    terms: "['small.look']",
    rules: '{}',
    ...changes,
  }
  const body = Object.entries(parts).map(([key, value]) => `${key}: ${value},`)

  return `import { defineContract } from '../workflows/kernel/contract'\nimport { SEEN_BY_ALL } from './support/sees'\nexport const contract = defineContract({ ${body.join(' ')} })\n`
}
const inRulebook = (act: string): string => `
import type { ActResult, ActContext, CheckContext, Errors } from '../workflows/kernel/contract'
import type { Example } from './example/rules'
export const act = (context: ActContext<Example>): ActResult<Example, 'moveSitting'> => ${act}
export const found = (_context: CheckContext<Example>): Errors<Example> | null => null
`
const inChecks = (checks: string): string => `
import { checksOf } from '../workflows/kernel/contract'
import type { Example } from './example/rules'
export const check = checksOf<Example, { readonly late: boolean }>(${checks})
`
const inProcess = (change: string, more = ''): string => `
import { defineContract } from '../workflows/kernel/contract'
import { defineProcess } from '../workflows/kernel/process'
import { SEEN_BY_ALL } from './support/sees'
import { z } from 'zod'
const contract = defineContract({
  name: 'small', version: 1, stages: ['open'], moves: { start: ['open'], open: ['done'] }, ends: ['done'], startedBy: ['hr'],
  tasks: { look: { ${change} } }, acts: {}, sees: SEEN_BY_ALL, documents: {}, terms: [], rules: {},
})
interface Small {
  readonly contract: typeof contract
  readonly facts: { readonly since: string }
  readonly answers: { readonly look: { readonly seen: boolean } }
  readonly acts: object
}
export const process = defineProcess<Small>({
  contract,
  forms: { start: z.strictObject({}), tasks: { look: z.strictObject({ seen: z.boolean() }) }, acts: {}, ${more} },
  aboutOf: () => { throw new Error('nobody starts it') },
  check: () => null,
  prefill: () => ({}),
})
`

/** What is planted, and whether it compiles. */
const CASES: readonly (readonly [what: string, code: string, compiles: boolean])[] = [
  [
    'a story of declared names',
    inStory("file.enter('voting'); file.order('letter'); file.remark('openedUnder')"),
    true,
  ],
  ['a stage', inStory("file.enter('votng')"), false],
  ['a term counted from a day', inStory("file.dueIn('example.silnce')"), false],
  ['a term', inStory("file.term('example.silnce')"), false],
  ['a rule', inStory("file.rule('example.quorm')"), false],
  ['a kind of task', inStory("await file.ask('anounce', { of })"), false],
  ['a kind that a commission answers', inStory("await file.ask('vote', { of })"), false],
  [
    'a commission for a kind that one person answers',
    inStory(
      "await file.commission('announce', { members: [], chair: file.facts.chair, quorum: 1, within: 'example.vote' })",
    ),
    false,
  ],
  ['the term of a task', inStory("await file.ask('announce', { of, within: 'example.silnce' })"), false],
  [
    'a second term for a kind whose contract gives one',
    inStory("await file.ask('approve', { of, within: 'example.silence' })"),
    false,
  ],
  ['a clock that is acted on', inStory("await file.ask('announce', { of, actsOn: 'hole' })"), false],
  ['a clock', inStory("file.clock('hole', () => file.dueIn('example.whole'), () => file.today)"), false],
  ['a remark', inStory("file.remark('openedOver')"), false],
  ['a document', inStory("file.order('leter')"), false],
  ['a document with a fact that it has not', inStory("file.order('letter', { on: file.today })"), false],
  ['a document of declared facts', inProbation("file.order('dismissalAct', { on: file.today })"), true],
  ['a document without its facts', inProbation("file.order('dismissalAct')"), false],
  ['a misspelt fact of a document', inProbation("file.order('dismissalAct', { onn: file.today })"), false],
  ['a code that a fact of a document cannot be', inProbation("file.order('passedNotice', { basis: 'luck' })"), false],
  ['an end', inStory("file.close('grantd', { code: 'voted' })"), false],
  ['an end of the kernel', inStory("file.close('cancelled', { code: 'voted' })"), false],
  ['the reason of an end', inStory("file.close('granted', { code: 'votd' })"), false],
  ['the reason of a refusal', inStory("file.refuse({ code: 'notInPst' })"), false],
  ['a turn', inStory("await file.during(['moveSitting'], async () => undefined)"), false],
  ['an effect', inStory("await file.attempt('hld', file.onlyCase)"), false],
  ['what an effect takes', inStory("await file.attempt('hold', { key: 'k' })"), false],
  ['an effect of the kernel', inStory("await file.attempt('hold', file.onlyCase)"), true],
  ['a story of a restricted process', inInquest("file.close('decided', { code: 'decided' })"), true],
  [
    'one case at a time of a restricted process: who is refused a second learns of the first',
    inInquest("await file.attempt('hold', file.onlyCase)"),
    false,
  ],
  [
    'a question that the process does not own',
    inStory('await file.consult((register) => register.endsWhen({}))'),
    false,
  ],
  [
    'what comes back by a return that its kind does not have',
    inStory("const { result } = await file.ask('announce', { of }); if (result === 'returned') return"),
    false,
  ],

  [
    'an act of declared names',
    inRulebook(
      "context.rule('example.quorum') === 3 ? { refused: { code: 'form.invalid' }, errors: { sitting: 'past' } } : { refused: { code: 'withdrawn' } }",
    ),
    true,
  ],
  [
    'a rule in an act',
    inRulebook(
      "context.rule('example.quorm') === 3 ? { refused: { code: 'withdrawn' } } : { refused: { code: 'withdrawn' } }",
    ),
    false,
  ],
  [
    'a stage in an act',
    inRulebook("context.stage === 'votng' ? { refused: { code: 'withdrawn' } } : { refused: { code: 'withdrawn' } }"),
    false,
  ],
  ['the reason of an act', inRulebook("({ refused: { code: 'withdrwn' } })"), false],
  ['the code of a field', inRulebook("({ refused: { code: 'form.invalid' }, errors: { sitting: 'pst' } })"), false],
  [
    'a check of declared kinds',
    inChecks('{ recommend: () => null, start: (form) => (form.late ? { on: "past" } : null) }'),
    true,
  ],
  ['a check of a kind', inChecks('{ recomend: () => null }'), false],
  [
    'what a check looks at in an answer',
    inChecks('{ consent: ({ agres }) => (agres ? { agrees: "past" } : null) }'),
    false,
  ],
  ['a turn of an act that is none', inRulebook('({ turn: true })'), false],

  ['a contract of declared names', contractWith({}), true],
  ['an act by the name of one of the kernel', contractWith({ acts: "{ grant: { by: ['head'] } }" }), false],
  [
    'a task by the name of one of the kernel',
    contractWith({ tasks: "{ look: { within: 'small.look' }, mendUndo: {} }" }),
    false,
  ],
  [
    'a rule of a known kind',
    contractWith({ rules: "{ 'small.some': { from: 1, to: 5 }, 'small.other': 'yesNo' }" }),
    true,
  ],
  ['a rule of no kind', contractWith({ rules: "{ 'small.some': 'perhaps' }" }), false],
  ['an interval that is a term', contractWith({ intervals: "['small.look']" }), true],
  ['an interval that is no term', contractWith({ intervals: "['small.lok']" }), false],
  [
    'a register that is kept by a role of its own',
    contractWith({
      roles: "['keeper']",
      sees: '{ ...SEEN_BY_ALL, keeper: [] }',
      registers: "{ keys: { body: 'body', key: ['number'], readBy: 'everybody', keptBy: ['keeper'] } }",
    }),
    true,
  ],
  [
    'a role that keeps a register',
    contractWith({ registers: "{ keys: { body: 'body', key: ['number'], readBy: 'everybody', keptBy: ['keper'] } }" }),
    false,
  ],
  [
    'what a register has',
    contractWith({
      registers: "{ keys: { body: 'body', key: ['number'], readBy: 'everybody', keptBy: ['hr'], removeable: true } }",
    }),
    false,
  ],
  ['an end named refused', contractWith({ ends: "['done', 'refused']" }), false],
  ['an end named cancelled', contractWith({ ends: "['done', 'cancelled']" }), false],
  ['a stage named as an end', contractWith({ stages: "['open', 'done']" }), false],
  ['a move to nowhere', contractWith({ moves: "{ start: ['open'], open: ['dne'] }" }), false],
  ['a move from nowhere', contractWith({ moves: "{ start: ['open'], open: ['done'], opn: ['done'] }" }), false],
  ['a stage without moves', contractWith({ moves: "{ start: ['open'] }" }), false],
  ['a task within an undeclared term', contractWith({ tasks: "{ look: { within: 'small.lok' } }" }), false],
  ['a task that shows no kind', contractWith({ tasks: "{ look: { shows: ['lok'] } }" }), false],
  ['a task with a clock that nobody keeps', contractWith({ tasks: "{ look: { clocks: ['whole'] } }" }), false],
  ['a role that hands over and is none', contractWith({ handsOver: "{ by: ['secretary'] }" }), false],
  [
    'a role of its own that hands over',
    contractWith({
      roles: "['secretary']",
      handsOver: "{ by: ['secretary'] }",
      sees: '{ ...SEEN_BY_ALL, secretary: [] }',
    }),
    true,
  ],
  ['a role of which the table does not say what it sees', contractWith({ roles: "['secretary']" }), false],
  ['a party of which the table does not say what it sees', contractWith({ parties: "['chair']" }), false],
  ['a row of the table for nobody', contractWith({ sees: "{ ...SEEN_BY_ALL, chairman: ['course'] }" }), false],
  [
    'a row of the table for a linked case',
    contractWith({ sees: "{ ...SEEN_BY_ALL, 'linked:appeal': ['exists'] }" }),
    true,
  ],
  ['an answer that the table shows', contractWith({ sees: "{ ...SEEN_BY_ALL, subject: ['answer:look'] }" }), true],
  [
    'an answer that the table shows and nobody gives',
    contractWith({ sees: "{ ...SEEN_BY_ALL, subject: ['answer:lok'] }" }),
    false,
  ],
  [
    'a stage from which the table shows something',
    contractWith({ sees: "{ ...SEEN_BY_ALL, subject: [{ from: 'opn', sees: ['course'] }] }" }),
    false,
  ],
  [
    'a table by which a holder of a task finds no case',
    contractWith({ sees: '{ ...SEEN_BY_ALL, holder: [] }' }),
    false,
  ],
  [
    'a table by which a holder of a task finds no case before its end',
    contractWith({ sees: "{ ...SEEN_BY_ALL, holder: [{ from: 'end', sees: ['course'] }] }" }),
    false,
  ],
  ['a starter that has no role', contractWith({ startedBy: "['accused']" }), false],
  [
    'starters who are a servant himself, the clock and the register',
    contractWith({ startedBy: "['subject', 'clock', 'register']" }),
    true,
  ],
  ['a misspelt property of a task', contractWith({ tasks: '{ look: { retruns: true } }' }), false],
  ['a misspelt property of an act', contractWith({ acts: "{ cancel: { by: ['head'], trun: true } }" }), false],
  ['a misspelt property of a contract', contractWith({ remrks: "['x']" }), false],
  [
    'decisions that are amended and withdrawn',
    contractWith({
      documents: '{ order: {}, slip: {} }',
      rules: "{ 'small.anew': 'yesNo' }",
      decisions: "{ order: { appeal: 'small.look' }, slip: { amends: 'order', appealAnew: 'small.anew' } }",
      acts: "{ mend: { by: ['head'], amends: 'slip' }, undo: { by: ['head'], turn: true, withdraws: 'order' } }",
    }),
    true,
  ],
  [
    'a document that amends what is no decision',
    contractWith({ documents: '{ order: {}, slip: {} }', decisions: "{ slip: { amends: 'order' } }" }),
    false,
  ],
  [
    'an amendment with a term of appeal of its own',
    contractWith({
      documents: '{ order: {}, slip: {} }',
      decisions: "{ order: {}, slip: { amends: 'order', appeal: 'small.look' } }",
    }),
    false,
  ],
  [
    'a term that runs anew by no rule',
    contractWith({
      documents: '{ order: {}, slip: {} }',
      decisions: "{ order: {}, slip: { amends: 'order', appealAnew: 'small.anew' } }",
    }),
    false,
  ],
  [
    'an act that withdraws a decision behind the back of the story',
    contractWith({
      documents: '{ order: {} }',
      decisions: '{ order: {} }',
      acts: "{ undo: { by: ['head'], withdraws: 'order' } }",
    }),
    false,
  ],
  [
    'an act that amends by a decision',
    contractWith({
      documents: '{ order: {} }',
      decisions: '{ order: {} }',
      acts: "{ mend: { by: ['head'], amends: 'order' } }",
    }),
    false,
  ],
  ['an amendment of a story', inStory("file.amend('correction', null, { from: file.today })"), true],
  ['an amendment by a decision', inStory("file.amend('letter', null)"), false],
  ['a decision that is withdrawn', inStory("file.withdraw('letter', 'unworthy')"), true],
  ['the ground of a withdrawal', inStory("file.withdraw('letter', 'unwrthy')"), false],
  ['a withdrawal of an amendment', inStory("file.withdraw('correction', 'unworthy')"), false],
  ['an act during no stage', contractWith({ acts: "{ cancel: { by: ['head'], during: ['opn'] } }" }), false],
  [
    'a casting vote of no kind',
    contractWith({
      tasks: "{ look: { commission: { countedBy: 'x', withoutQuorum: 'fail', tie: 'chairCasts', casting: 'lok' } } }",
    }),
    false,
  ],
  [
    'an extension by an undeclared term',
    contractWith({
      tasks: "{ look: { commission: { countedBy: 'x', withoutQuorum: { extendBy: 'small.lok' }, tie: 'fail' } } }",
    }),
    false,
  ],

  [
    'a process of declared fields',
    inProcess("decision: 'seen', facts: ['since']", 'facts: z.strictObject({ since: z.string() })'),
    true,
  ],
  ['a fact of which nothing says what it is', inProcess("facts: ['since']"), false],
  ['a decision by no field', inProcess("decision: 'sen'"), false],
  ['a fact that the case has not', inProcess("facts: ['snce']", 'facts: z.strictObject({ snce: z.string() })'), false],
]

const planted = new Map(CASES.map(([, code], i) => [`test/planted-${String(i)}.ts`, code]))
let found: readonly string[][] = []

beforeAll(() => {
  found = [...complaintsOf(planted).values()]
}, 120_000)

test.each(
  CASES.map(([what, , compiles], index) => ({ what, index, says: compiles ? 'compiles' : 'does not compile' })),
)('$what: $says', ({ says, index }) => {
  expect({ says: found[index]?.length === 0 ? 'compiles' : 'does not compile', found: found[index] }).toMatchObject({
    says,
  })
})

test('a value in a contract that is not of its type is the only thing complained of', () => {
  const index = CASES.findIndex(([what]) => what === 'a starter that has no role')
  expect(found[index]).toEqual([expect.stringMatching(/^Type '\["accused"\]' is not assignable/)])
})
