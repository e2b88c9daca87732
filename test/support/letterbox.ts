/** A real mail server of a test: what it has taken, and what it does with the next letter. */
import type { AddressInfo } from 'node:net'
import { connectMail, type Mail } from '../../api/service/mail'
import { readLetter, smtpServer, type Refusal, type TakenLetter } from '../../scripts/mailbox'

export interface Letterbox {
  readonly url: string
  readonly taken: TakenLetter[]
  /** what is done after a letter is kept and before its sender is told so */
  beforeYes: () => Promise<void>
  /** what is said to an address that is refused: `550 5.1.1 no such mailbox` */
  refuse: (address: string) => Refusal
  refuseSender: (address: string) => Refusal
  refuseData: () => Refusal
  readonly close: () => Promise<void>
}

/** Opens one on that port, or on any. */
export async function openLetterbox(port = 0): Promise<Letterbox> {
  const taken: TakenLetter[] = []
  const server = await smtpServer(
    port,
    async (raw) => {
      taken.push(await readLetter(raw))
      await box.beforeYes()
    },
    {
      recipient: (address) => box.refuse(address),
      sender: (address) => box.refuseSender(address),
      data: () => box.refuseData(),
    },
  )
  const box: Letterbox = {
    url: `smtp://127.0.0.1:${String((server.server.address() as AddressInfo).port)}`,
    taken,
    beforeYes: () => Promise.resolve(),
    refuse: () => null,
    refuseSender: () => null,
    refuseData: () => null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }

  return box
}

export const CONSOLE = 'https://mansap.example.org'
/** The way to it, as the product goes it. */
export const mailTo = (smtpUrl: string): Mail =>
  connectMail({ smtpUrl, from: 'Mansap <mansap@example.org>', consoleUrl: CONSOLE })
