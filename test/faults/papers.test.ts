/** A worker killed between a decision and its paper: the paper is made once, by the next. */
import { spawn } from 'node:child_process'
import path from 'node:path'
import { pino } from 'pino'
import { verifyChain } from '../../prisma/store/events'
import { damagedPapers, papersOf } from '../../prisma/store/papers'
import { keepMakingPapers } from '../../worker/papers/making'
import { freshDatabase } from '../support/database'
import { eventually } from '../support/eventually'
import { paperCases } from '../support/paper-cases'

const ROOT = path.join(__dirname, '..', '..')

/** Waits until the worker has killed itself. */
const killed = (url: string, when: string, options = ''): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', path.join(ROOT, 'test/support/dying-maker.ts'), url, when],
      {
        cwd: ROOT,
        stdio: 'ignore',
        env: { ...process.env, NODE_OPTIONS: options },
      },
    )
    child.once('exit', (_code, signal) => resolve(signal))
  })

test.each(['taken', 'set', 'stored'])(
  'killed when a paper is %s, it leaves one number, one paper and one entry',
  async (when) => {
    const database = await freshDatabase({ register: true })
    const { db } = database
    try {
      const { id, document } = await (await paperCases(database)).ordered()
      expect(await killed(database.url, when)).toBe('SIGKILL')
      const making = keepMakingPapers({ db, databaseUrl: database.url, log: pino({ level: 'silent' }) })
      await eventually('the paper', async () => (await papersOf(db, [document])).get(document)?.length === 2, 60_000)
      await making.stop()
      expect(await db.event.count({ where: { caseId: id, kind: 'paperMade' } })).toBe(1)
      expect(await db.document.count({ where: { caseId: id } })).toBe(1)
      expect(await verifyChain(db, id)).toEqual({ ok: true })
      expect(await damagedPapers(db, [id], 0)).toEqual([])
    } finally {
      await database.drop()
    }
  },
)

test('a worker that is started with an agent which watches it makes papers all the same', async () => {
  const database = await freshDatabase({ register: true })
  try {
    const { document } = await (await paperCases(database)).ordered()
    // it kills itself once the paper is there
    expect(await killed(database.url, 'stored', '--import=data:text/javascript,')).toBe('SIGKILL')
    expect((await papersOf(database.db, [document])).get(document)).toHaveLength(2)
  } finally {
    await database.drop()
  }
})
