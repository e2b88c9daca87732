/** `doc/who-sees-what.md` tells of probation what its contract says: the same table, cell by cell. */
import { isAmong } from './oracle'
import { told } from './told'
import { contract } from '../../workflows/probation/contract'
import { readWords } from '../../workflows/words'

const SEEN_BY = Object.keys(contract.sees)
const PIECES = [
  ...['exists', 'course', 'identity', 'pauses', 'technical', 'readers', 'comments', 'added'],
  ...Object.keys(contract.tasks).map((kind) => `answer:${kind}`),
  ...Object.keys(contract.acts).map((act) => `answer:${act}`),
  'answers',
  ...Object.keys(contract.documents).map((kind) => `document:${kind}`),
]

type Entry = string | { readonly from?: string; readonly until?: string; readonly sees: readonly string[] }
/** When a row sees a piece, in words. */
function whenSeen(entries: readonly Entry[], piece: string): string {
  const always = entries.filter((entry) => typeof entry === 'string')
  if (isAmong(new Set(always), piece)) return 'yes'
  const times = entries.flatMap((entry) => {
    if (typeof entry === 'string' || !isAmong(new Set(entry.sees), piece)) return []
    const { from, until } = entry

    return [[from && `from ${from}`, until && `until ${until}`].filter(Boolean).join(' ')]
  })

  return times.join(', ') || '–'
}

test('the page has a line for every piece and a column for everybody, and says when he sees it', () => {
  const [head = [], ...lines] = told
  expect(head.slice(2)).toEqual(SEEN_BY)
  const sees: Readonly<Record<string, readonly Entry[]>> = contract.sees
  expect(lines.map(([piece, , ...cells]) => [piece, ...cells])).toEqual(
    PIECES.map((piece) => [`\`${piece}\``, ...SEEN_BY.map((row) => whenSeen(sees[row] ?? [], piece))]),
  )
})

test('it calls what was answered, said and issued as the product does', () => {
  const words = readWords().en['probation'] as Record<'tasks' | 'acts' | 'documents', Record<string, { title: string }>>
  const titles = new Map<string, string>([
    ...Object.entries({ ...words.tasks, ...words.acts }).map(
      ([kind, { title }]) => [`\`answer:${kind}\``, title] as const,
    ),
    ...Object.entries(words.documents).map(([kind, { title }]) => [`\`document:${kind}\``, title] as const),
  ])
  for (const [piece = '', what] of told)
    if (titles.has(piece)) expect([piece, what]).toEqual([piece, titles.get(piece)])
})
