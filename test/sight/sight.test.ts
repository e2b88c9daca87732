/** `sightOf` against an oracle that reads the table by its meaning: people × cases × stages × pieces. */
import fc from 'fast-check'
import {
  LINK_PARTS,
  ROLES,
  UNSERVED,
  type Actor,
  type BodyKey,
  type CaseId,
  type LinkPart,
  type PersonId,
  type Sees,
  type SeesTable,
} from '../../workflows/kernel/contract'
import { whyKept } from '../../workflows/kernel/law/kept'
import { sightOf, viewerOf, type SeenCase } from '../../workflows/kernel/law/sight'
import { processes } from '../../workflows/registry'
import { isAmong, piecesOf, type ToldCase, type ToldPerson } from './oracle'

const BODIES = ['civilServiceAgency', 'civilServiceAgency.karaganda', 'ministryFinance', 'akimat.karaganda']
const PEOPLE = ['me', 'another']
const STAGES = ['first', 'second', 'third']
const PARTIES = ['mentor', 'chair']
const LINKS = Object.values(LINK_PARTS).flatMap(({ from, to }) => [from, to])
const PIECES = [
  ...['exists', 'course', 'identity', 'answers', 'pauses', 'documents', 'technical', 'readers', 'comments'],
  ...['answer:review', 'answer:check', 'document:order', 'document:sheet'],
] as const
const ROWS = [...ROLES, ...PARTIES, 'subject', 'holder', 'linked:appeal', 'linked:opened']

const body = fc.constantFrom(...BODIES)
const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 3 })
const at = fc.option(fc.constantFrom(...STAGES, 'end'), { nil: undefined })
const entry = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.record({ from: at, until: at, sees: pieces }).map(({ from, until, sees }) => ({
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
    sees,
  })),
)
const table: fc.Arbitrary<Sees> = fc
  .tuple(...ROWS.map(() => fc.option(fc.array(entry, { maxLength: 2 }))))
  .map((rows) => Object.fromEntries(ROWS.flatMap((row, n) => (rows[n] ? [[row, rows[n]]] : []))))

/** The same of any table: which of the rows fit, and what has been reached. */
const facts = (stages: readonly string[], parts: readonly string[], links: readonly LinkPart[]) =>
  fc.record({
    person: fc.constant('me'),
    roles: fc.uniqueArray(fc.record({ role: fc.constantFrom(...ROLES), body }), {
      maxLength: 3,
      selector: ({ role, body: of }) => `${role} ${of}`,
    }),
    file: fc.record({
      body,
      agency: body,
      subject: fc.option(fc.constantFrom(...PEOPLE)),
      stages: fc.subarray([...stages]),
      closed: fc.boolean(),
      parts: fc.array(
        fc.record({ part: fc.constantFrom(...parts), person: fc.constantFrom(...PEOPLE), ended: fc.boolean() }),
        { maxLength: 2 },
      ),
      holders: fc.subarray(PEOPLE),
      linked: fc.array(fc.record({ part: fc.constantFrom(...links), people: fc.subarray(PEOPLE) }), { maxLength: 2 }),
      excluded: fc.oneof(fc.constant([]), fc.subarray(PEOPLE)),
      named: fc.option(fc.subarray(PEOPLE)),
    }),
  })

/** What the product is told of the same case. */
const seenCase = (
  { body: of, agency, subject, stages, closed, parts, holders, linked, excluded, named }: ToldCase,
  { process, version }: Pick<SeesTable, 'process' | 'version'>,
): SeenCase => ({
  ...{
    id: 'one' as CaseId,
    process,
    version,
    body: of as BodyKey,
    agency: agency as BodyKey,
    subject: subject as PersonId | null,
  },
  reached: [...stages, ...(closed ? ['end'] : [])],
  mine: {
    parts: [
      ...parts.filter(({ person, ended }) => person === 'me' && !ended).map(({ part }) => part),
      ...(subject === 'me' ? ['subject'] : []),
    ],
    holds: holders.includes('me'),
    linked: linked.filter(({ people }) => people.includes('me')).map(({ part }) => part as LinkPart),
    kept: whyKept('me' as PersonId, { keptFrom: excluded as PersonId[], restrictedTo: named as PersonId[] | null }),
  },
})

function compared(person: ToldPerson, told: ToldCase, tables: readonly SeesTable[], of: SeesTable): void {
  const actor: Actor = { person: person.id as PersonId, grants: person.roles as Actor['grants'], posts: [] }
  const sight = sightOf(viewerOf(actor, tables), seenCase(told, of))
  const given = piecesOf(person, told)
  const wanted = Object.fromEntries(PIECES.map((piece) => [piece, isAmong(given, piece)]))
  expect({
    finds: sight.finds,
    ...Object.fromEntries(PIECES.map((piece) => [piece, sight.finds && sight.sees(piece)])),
  }).toEqual({ finds: given.size > 0, ...wanted })
  if (!sight.finds) expect(PIECES.filter((piece) => sight.sees(piece))).toEqual([])
}

test('whatever the table, a person sees what its rows give him and nothing else', () => {
  fc.assert(
    fc.property(
      fc.tuple(table, table),
      fc.constantFrom(0, 1, 2, 3),
      facts(STAGES, PARTIES, ['appeal', 'opened', 'appealed']),
      (sees, n, { person: id, roles, file }) => {
        const tables = [
          { process: 'one', version: 1, sees: sees[0] },
          { process: 'one', version: 2, sees: sees[1] },
        ]
        // a version and a process that are not served
        const unknown = { process: n === 2 ? 'one' : 'other', version: n === 2 ? 99 : 1, sees: UNSERVED }
        const of = tables[n] ?? unknown
        compared({ id, roles }, { ...file, table: of.sees }, tables, of)
      },
    ),
    { numRuns: 5000 },
  )
})

test.each(['developer', 'administrator'])(
  'a %s sees the course of every case and its technical history, and no content',
  (row) => {
    for (const { sees } of [...processes.tables, { sees: UNSERVED }]) {
      const person = { id: 'me', roles: [{ role: row, body: 'elsewhere' }] }
      const file = { table: sees, body: 'here', agency: 'here', subject: 'another', stages: [...STAGES], closed: true }
      const given = piecesOf(person, { ...file, parts: [], holders: [], linked: [], excluded: [], named: null })
      expect([...given].sort()).toEqual(['course', 'technical'])
    }
  },
)

test('the same of the tables that the product serves', () => {
  for (const of of processes.tables) {
    const { contract } = processes.of(of.process, of.version)!
    fc.assert(
      fc.property(facts(contract.stages, ['mentor', 'supervisor', ...(contract.parties ?? [])], LINKS), (told) => {
        compared({ id: told.person, roles: told.roles }, { ...told.file, table: of.sees }, processes.tables, of)
      }),
      { numRuns: 1000 },
    )
  }
})
