/** The public page in a browser: whoever holds a paper chooses its file, and is told of a changed byte. Nobody is signed in. */
import { pino } from 'pino'
import type { Browser } from 'playwright-core'
import { paperBytes, takePapers } from '../../prisma/store/papers'
import { wordsAt } from '../../workflows/words'
import { LOCALES } from '../../workflows/kernel/contract'
import { make } from '../../worker/papers/making'
import { settingInThread } from '../../worker/papers/setting'
import { startApi, type Api } from '../api/harness'
import { launchBrowser } from '../support/chromium'
import { paperCases, templates } from '../support/paper-cases'

let api: Api
let browser: Browser
let code: string
let file: Buffer

beforeAll(async () => {
  api = await startApi()
  browser = await launchBrowser()
  const setting = settingInThread()
  const { document } = await (await paperCases(api.database)).ordered()
  for (const paper of await takePapers(api.db, 10))
    await make({ db: api.db, log: pino({ level: 'silent' }), setting }, paper)
  await setting.stop()
  code = (await api.db.paper.findUniqueOrThrow({ where: { documentId: document } })).code
  file = Buffer.from((await paperBytes(api.db, document, 'kk'))?.bytes ?? [])
})
afterAll(async () => {
  await browser.close()
  await api.close()
})

test.each(LOCALES)(
  'the file that was issued is told from one with a changed byte, and is sent nowhere: %s',
  async (locale) => {
    const say = (key: string) => wordsAt(templates.words, locale, 'kernel', `check.${key}`) ?? key
    const page = await browser.newPage()
    try {
      await page.goto(`${api.url}/check?locale=${locale}&code=${code}`)
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      const input = page.getByLabel(say('file'))
      await input.setInputFiles({ name: 'құжат.pdf', mimeType: 'application/pdf', buffer: file })
      await page.getByText(say('same'), { exact: true }).waitFor()
      const changed = Buffer.from(file)
      changed[changed.length - 50] = (changed[changed.length - 50] ?? 0) ^ 1
      await input.setInputFiles({ name: 'x.pdf', mimeType: 'application/pdf', buffer: changed })
      await page.getByText(say('other'), { exact: true }).waitFor()
      expect(await page.getByText(say('same'), { exact: true }).isVisible()).toBe(false)
      expect(asked).toEqual([])
    } finally {
      await page.close()
    }
  },
)
