/** `doc/who-sees-what.md` tells of each process what its contract says: the same table, cell by cell. */
import { isAmong } from './oracle'
import { tableOf } from './told'
import type { ProcessContract } from '../../workflows/kernel/contract'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'

const piecesOf = ({ tasks, acts, documents }: ProcessContract): string[] => [
  ...['exists', 'course', 'identity', 'pauses', 'technical', 'readers', 'comments', 'added', 'answer:start'],
  ...Object.keys(tasks).map((kind) => `answer:${kind}`),
  ...Object.keys(acts).map((act) => `answer:${act}`),
  'answers',
  ...Object.keys(documents).map((kind) => `document:${kind}`),
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

describe.each<ProcessContract>(Object.values(processes.current).map(({ contract }) => contract))(
  'of $name',
  (contract) => {
    let head: string[]
    let lines: string[][]
    beforeAll(() => {
      ;[head = [], ...lines] = tableOf(contract.name)
    })

    test('the page has a line for every piece and a column for everybody, and says when he sees it', () => {
      const sees: Readonly<Record<string, readonly Entry[]>> = contract.sees
      const seenBy = Object.keys(sees)
      expect(head.slice(2)).toEqual(seenBy)
      expect(lines.map(([piece, , ...cells]) => [piece, ...cells])).toEqual(
        piecesOf(contract).map((piece) => [`\`${piece}\``, ...seenBy.map((row) => whenSeen(sees[row] ?? [], piece))]),
      )
    })

    test('it calls what was answered, said and issued as the product does', () => {
      type Titled = Record<string, { title: string }>
      const words = readWords().en[contract.name] as Record<'tasks' | 'acts' | 'documents', Titled> & Titled
      const titles = new Map<string, string>([
        ['`answer:start`', words['start']?.title ?? ''],
        ...Object.entries({ ...words.tasks, ...words.acts }).map(
          ([kind, { title }]) => [`\`answer:${kind}\``, title] as const,
        ),
        ...Object.entries(words.documents).map(([kind, { title }]) => [`\`document:${kind}\``, title] as const),
      ])
      const named = lines.filter(([piece = '']) => titles.has(piece))
      expect(named.length).toBeGreaterThan(titles.size / 2)
      for (const [piece = '', what] of named) expect([piece, what]).toEqual([piece, titles.get(piece)])
    })
  },
)
