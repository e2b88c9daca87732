/** The mail server: hands letters over to it by SMTP. */
import nodemailer from 'nodemailer'

export interface OutgoingLetter {
  readonly messageId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** page on which its reader chooses whether letters come */
  readonly settings: string
}

export interface Mail {
  /** behind the `@` of each Message-ID */
  readonly domain: string
  /** address of the console, without a slash at its end */
  readonly consoleUrl: string
  /** Comes back when the server has taken it; throws when nobody knows that it has. */
  readonly send: (letter: OutgoingLetter) => Promise<void>
  readonly close: () => void
}

export interface MailSettings {
  readonly smtpUrl: string
  readonly from: string
  readonly consoleUrl: string
}

/** A server that says nothing for so long is away; shorter than a letter is anybody's again. */
const SILENT_MS = 20_000
const CONNECTIONS = 3

export function connectMail({ smtpUrl, from, consoleUrl }: MailSettings): Mail {
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: SILENT_MS,
    greetingTimeout: SILENT_MS,
    socketTimeout: SILENT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })

  return {
    domain: /@([^\s@<>]+)/.exec(from)?.[1] ?? 'localhost',
    consoleUrl,
    send: async ({ messageId, to, subject, text, html, settings }) => {
      await transport.sendMail({
        messageId,
        from,
        to: { name: '', address: to },
        subject,
        text,
        html,
        headers: {
          'Auto-Submitted': 'auto-generated',
          'List-Unsubscribe': `<${settings}>`,
        },
      })
    },
    close: () => transport.close(),
  }
}

/** What a failed sending says of a letter, in a code: what a server writes may name people. */
export interface SendingFailed {
  readonly code: string
  /** the server will not take it, whenever it is asked */
  readonly forGood: boolean
}

/** Codes of SMTP that say of an address that there is none: anything else may be mended at the server, or in how we reach it. */
const NO_SUCH_ADDRESS = [550, 551, 553]
/** What a server says behind its code: `5.1.1` is of the address, `5.7.1` of what we may do there. */
const ENHANCED = /^\d{3}[ -](5\.\d{1,3}\.\d{1,3})\b/
/**
 * Those of RFC 3463 and RFC 7505 that say of the address itself that no letter will ever reach it. All others are of the sender, the way or the
 * server: a server may refuse the sender only once it hears to whom.
 */
const NEVER = ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1']

/** What nodemailer says of a failed sending. */
interface MailFault {
  readonly code?: unknown
  readonly responseCode?: unknown
  readonly response?: unknown
  readonly command?: unknown
}

export function whyNotSent(error: unknown): SendingFailed {
  const { code = 'unknown', responseCode, ...more } = faultOf(error)
  const said = [code, responseCode].filter((part) => typeof part === 'string' || typeof part === 'number').join(' ')
  const isNoAddress = typeof responseCode === 'number' && NO_SUCH_ADDRESS.includes(responseCode)

  return {
    code: /^[\w .-]{1,60}$/.test(said) ? said : 'unknown',
    forGood: code === 'EENVELOPE' && isNoAddress && isOfAddress(more),
  }
}

const faultOf = (error: unknown): MailFault => (typeof error === 'object' && error !== null ? error : {})

/**
 * The same codes refuse a sender, a letter, or that we send at all: then every letter would be refused until an operator mends the server.
 * Only what is said of the recipient, with the reason, is of the address.
 */
function isOfAddress({ command, response }: MailFault): boolean {
  const [, reason] = typeof response === 'string' ? (ENHANCED.exec(response) ?? []) : []

  return command === 'RCPT TO' && reason !== undefined && NEVER.includes(reason)
}
