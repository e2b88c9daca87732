/**
 * A worker that makes papers and SIGKILLs itself: having taken one up (`taken`), having set it (`set`), or having stored it (`stored`).
 * Arguments: database url, which of these.
 */
import { pino } from 'pino'
import { createDb } from '../../prisma/store/db'
import { keepMakingPapers } from '../../worker/papers/making'
import { settingInThread } from '../../worker/papers/setting'

const [url = '', when = ''] = process.argv.slice(2)
const die = () => process.kill(process.pid, 'SIGKILL')
const setting = settingInThread()
const db = createDb(url, 5)
keepMakingPapers({
  db,
  databaseUrl: url,
  log: pino({ level: 'silent' }),
  setting: {
    ...setting,
    render: async (document, language) => {
      if (when === 'taken') die()
      const rendering = await setting.render(document, language)
      if (when === 'set' && language === 'ru') die()

      return rendering
    },
  },
})
if (when === 'stored')
  setInterval(() => {
    void db.paper.count({ where: { madeAt: { not: null } } }).then((made) => made > 0 && die())
  }, 20)
