/** The mail server of the fault rounds: it writes down each letter before it says that it has taken it. */
import { appendFileSync } from 'node:fs'
import { readLetter, smtpServer } from '../../../scripts/mailbox'

const { MAIL_PORT, MAIL_FILE } = process.env
if (MAIL_FILE === undefined) throw new Error('MAIL_FILE names no file')
void smtpServer(Number(MAIL_PORT), async (raw) => {
  const { messageId, to } = await readLetter(raw)
  appendFileSync(MAIL_FILE, `${JSON.stringify({ messageId, to })}\n`)
})
