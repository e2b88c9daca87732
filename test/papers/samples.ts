/** A document of each kind, frozen with made-up facts: what the templates are looked at and tested with. */
import type { DocumentSources, DocumentTemplates, SourceAnswer } from '../../prisma/store/freeze-document'
import { freezeDocument } from '../../prisma/store/freeze-document'
import type { IsoDate, Name } from '../../workflows/kernel/contract'
import type { FrozenOfFormat3 } from '../../workflows/kernel/protocol/document'
import { processesOf, type Process } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'

const day = (text: string) => text as IsoDate
const name = (kk: string, ru: string, en: string): Name => ({ kk, ru, en })
const [SERVANT, MENTOR] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']

export const PEOPLE = {
  servant: name('Өтегенова Гүлжаһан Ықыласқызы', 'Утегенова Гульжахан Ыкыласовна', 'Utegenova Gulzhakhan'),
  mentor: name('Қыдырбек Әнуар Ғалымұлы', 'Кыдырбек Ануар Галымович', 'Kydyrbek Anuar'),
  head: name('Жүнісов Бақытжан Серікұлы', 'Жунусов Бакытжан Серикович', 'Zhunusov Bakytzhan'),
  agency: name('Әбдіғалиева Сәуле Нұрланқызы', 'Абдигалиева Сауле Нурлановна', 'Abdigaliyeva Saule'),
}
const POSTS = {
  mentor: name(
    'Бюджет саясаты басқармасының бас сарапшысы',
    'Главный эксперт управления бюджетной политики',
    'Chief expert',
  ),
  head: name('Аппарат басшысы', 'Руководитель аппарата', 'Head of the office'),
  agency: name('Департамент директоры', 'Директор департамента', 'Director of a department'),
}
const BODY = name(
  'Қазақстан Республикасының Қаржы министрлігі',
  'Министерство финансов Республики Казахстан',
  'Ministry of Finance of the Republic of Kazakhstan',
)
const AGENCY = name(
  'Қазақстан Республикасының Мемлекеттік қызмет істері агенттігі',
  'Агентство Республики Казахстан по делам государственной службы',
  'Agency of the Republic of Kazakhstan for Civil Service Affairs',
)

/** The words of people in these samples, where a test does not give its own. */
export const WRITTEN = 'Мерзімдері ұқыпты сақталды; құжаттардың үштен бірі қайта өңделді.'

function answers(written: string): SourceAnswer[] {
  const by = (who: 'mentor' | 'head' | 'agency', capacity: string, bodyKey = 'ministryFinance') => ({
    by: PEOPLE[who],
    byId: who === 'mentor' ? MENTOR : who,
    position: POSTS[who],
    capacity,
    bodyKey,
  })
  const goals = [1, 2].map((number) => ({ number, goal: written, verdict: 'missed', remark: written }))
  const given: readonly Omit<SourceAnswer, 'step' | 'content'>[] = [
    { kind: 'appointMentor', on: day('2026-03-02'), answer: { mentor: MENTOR, order: '77-қ' }, ...by('head', 'hr') },
    {
      kind: 'draftAdaptationPlan',
      on: day('2026-03-06'),
      answer: {
        goals: [1, 2, 3].map((n) => ({ goal: `${written} ${String(n)}`, measure: written, by: '2026-05-29' })),
      },
      ...by('mentor', 'self'),
    },
    { kind: 'agreeAdaptationPlan', on: day('2026-03-10'), answer: {}, ...by('head', 'self') },
    {
      kind: 'mentorOpinion',
      on: day('2026-05-12'),
      answer: { recommends: 'unsatisfactory', opinion: written },
      ...by('mentor', 'self'),
    },
    {
      kind: 'reviewProbation',
      on: day('2026-05-18'),
      answer: { goals, result: 'unsatisfactory', grounds: written },
      ...by('head', 'self'),
    },
    {
      kind: 'decideExtension',
      on: day('2026-05-20'),
      answer: { decision: 'extend', grounds: written },
      ...by('head', 'head'),
    },
    {
      kind: 'decideDismissal',
      on: day('2026-08-20'),
      answer: { decision: 'propose', grounds: written },
      ...by('head', 'head'),
    },
    {
      kind: 'agreeDismissal',
      on: day('2026-08-28'),
      answer: { decision: 'refuse', grounds: written },
      ...by('agency', 'agency', 'civilServiceAgency'),
    },
  ]

  return given.map((answer, i) => ({ ...answer, content: null, step: i + 1 }))
}

const ACT = '00000000-0000-4000-8000-000000000009'

/** The facts with which the story orders each. */
const FACTS: Readonly<Record<string, object>> = {
  minutes: {
    present: [MENTOR, 'head'],
    absent: ['agency'],
    recused: [],
    replaced: [],
    votes: [
      { member: MENTOR, vote: 'cancel' },
      { member: 'head', vote: 'uphold' },
    ],
    tie: 'chair',
    decision: 'cancel',
  },
  ruling: { decision: ACT, outcome: 'cancel' },
  newDecision: { decision: ACT, anew: 'cancel' },
  mentorOrder: { mentor: MENTOR },
  extensionAct: { until: '2026-08-29' },
  agencyReply: { decision: 'refuse' },
  dismissalAct: { on: '2026-09-01' },
  passedNotice: { basis: 'review' },
}

export const templates: DocumentTemplates = { processes, words: readWords(), publicUrl: 'https://mansap.example' }

/** The same, with every paper of probation in English too. */
export const inEnglish: DocumentTemplates = {
  ...templates,
  processes: processesOf(
    ...processes.all.map((process): Process => {
      const { contract } = process
      const papers = Object.entries(contract.papers ?? {}).map(([kind, paper]) => [kind, { ...paper, inEnglish: true }])

      return { ...process, contract: { ...contract, papers: Object.fromEntries(papers) } }
    }),
  ),
}

/** The newest version of each process that orders documents. */
export const ordering = processes.all.filter(
  ({ contract: { name, version, documents } }) =>
    Object.keys(documents).length > 0 &&
    processes.all.every(({ contract: other }) => other.name !== name || other.version <= version),
)

/** What is known of a case of a process beside what is known of any; absent: there are no samples of its documents yet. */
const CASES: Readonly<Record<string, (written: string) => Partial<DocumentSources>>> = {
  probation: (written) => ({
    startForm: { person: SERVANT, appointedOn: '2026-03-02', actNumber: '12-ж/қ', actDate: '2026-02-27' },
    answers: answers(written),
    documents: [
      { kind: 'adaptationPlan', number: '2026-AP-000038', issuedOn: day('2026-03-10') },
      { kind: 'reviewSheet', number: '2026-RS-000040', issuedOn: day('2026-05-18') },
      { kind: 'agencyRequest', number: '2026-AR-000007', issuedOn: day('2026-08-20') },
      { kind: 'agencyReply', number: '2026-AA-000003', issuedOn: day('2026-08-28') },
    ],
  }),
  appeal: (written) => ({
    startForm: { document: 'dismissalAct', asks: 'cancel', grounds: written },
    answers: [
      {
        ...{ kind: 'writeRuling', on: day('2026-08-28'), answer: { effectiveFrom: '2026-09-01', grounds: written } },
        ...{ content: null, step: 1, by: PEOPLE.agency, byId: 'agency', position: POSTS.agency },
        ...{ capacity: 'agency', bodyKey: 'civilServiceAgency' },
      },
      {
        ...{ kind: 'decideAnew', on: day('2026-09-04'), answer: { anew: 'cancel', grounds: written } },
        ...{ content: null, step: 2, by: PEOPLE.head, byId: 'head', position: POSTS.head },
        ...{ capacity: 'head', bodyKey: 'ministryFinance' },
      },
    ],
    documents: [{ kind: 'ruling', number: '2026-AU-000002', issuedOn: day('2026-08-28') }],
    cited: [
      {
        ...{ id: ACT, process: 'probation', version: 3, kind: 'dismissalAct', number: '2026-DA-000004' },
        ...{ issuedOn: day('2026-08-10'), issuer: BODY },
      },
    ],
  }),
}
const ISSUED_BY_AGENCY = ['agencyReply', 'minutes', 'ruling']

/** A document of the kind as it is frozen, of a version of a process; `more` changes what is known of its case. */
export function sample(
  kind: string,
  {
    process = 'probation',
    version = process === 'probation' ? 3 : 1,
    written = WRITTEN,
    with: source = templates,
    more = {},
  }: {
    process?: string
    version?: number
    written?: string
    with?: DocumentTemplates
    more?: Partial<DocumentSources>
  } = {},
): FrozenOfFormat3 {
  const issuer = ISSUED_BY_AGENCY.includes(kind) ? 'civilServiceAgency' : 'ministryFinance'
  const known = CASES[process]
  if (!known) throw new Error(`there is no sample of the documents of ${process}: add its case to CASES`)
  const sources: DocumentSources = {
    process,
    version,
    caseNumber: '2026-000123',
    startedOn: day('2026-03-02'),
    rehearsal: null,
    regime: 'R4',
    subject: PEOPLE.servant,
    subjectId: SERVANT,
    aboutBody: null,
    aboutCase: null,
    body: BODY,
    bodyKey: 'ministryFinance',
    agency: AGENCY,
    parties: { mentor: MENTOR, supervisor: 'head' },
    position: name(
      'Бюджеттік жоспарлау басқармасының сарапшысы',
      'Эксперт управления бюджетного планирования',
      'Expert',
    ),
    unit: null,
    startForm: {},
    answers: [],
    missed: [],
    documents: [],
    cited: [],
    names: {
      ...{ [SERVANT]: PEOPLE.servant, [MENTOR]: PEOPLE.mentor, head: PEOPLE.head, agency: PEOPLE.agency },
      ...{ ministryFinance: BODY, civilServiceAgency: AGENCY },
    },
    ...known(written),
    ...more,
  }

  return freezeDocument(source, sources, {
    kind,
    number: '2026-MO-000042',
    issuedOn: day('2026-08-31'),
    issuer,
    facts: FACTS[kind] ?? {},
    code: 'K7M2Q9X4T1B8V5N3C6Z0H2R4WP',
  })
}
