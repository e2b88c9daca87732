/** A sender of letters that SIGKILLs itself: after it has taken letters and before it sends one, or when the mail server has taken one. */
import pino from 'pino'
import { sendLetters } from '../../api/operations/letters'
import { accessLogOf } from '../../api/http/access-log'
import { createDb } from '../../prisma/store/db'
import { processes } from '../../workflows/registry'
import { readWords } from '../../workflows/words'
import { mailTo } from './letterbox'

const [url = '', smtpUrl = '', point = '', lease = ''] = process.argv.slice(2)
const die = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('dead')
}
const db = createDb(url, 2)
const mail = mailTo(smtpUrl)
void sendLetters(
  {
    ...{ db, processes, words: readWords(), accessLog: accessLogOf(db), log: pino({ level: 'silent' }), now: Date.now },
    mail: {
      ...mail,
      send: async (letter) => {
        if (point === 'beforeSending') die()
        await mail.send(letter)
        die()
      },
    },
  },
  Number(lease),
)
