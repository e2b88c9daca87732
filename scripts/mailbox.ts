/**
 * The mail server of the demonstration and of tests: it takes every letter, delivers none, and keeps the last of them as files. A page, on a
 * port of its own and for this machine alone, shows them. Production has neither: only the launcher and tests start it.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { escaped } from '../api/views/document-html'
import { replaceFile } from './data-folder'

/** A letter as it was taken. */
export interface TakenLetter {
  readonly to: string
  readonly from: string
  readonly subject: string
  readonly messageId: string
  readonly text: string
  readonly html: string
  /** by their names in small letters */
  readonly headers: Readonly<Record<string, string>>
  readonly raw: string
}

export interface Mailbox {
  readonly smtpUrl: string
  readonly pageUrl: string
  readonly close: () => Promise<void>
}

const KEPT = 200
const LARGEST = 1_000_000
const HERE = '127.0.0.1'

/** Reads a letter as its reader would. */
export async function readLetter(raw: string): Promise<TakenLetter> {
  const { headerLines, subject = '', messageId = '', text = '', html, to, from } = await simpleParser(raw)
  const addresses = (of: typeof to): string =>
    [of ?? []]
      .flat()
      .map((each) => each.text ?? '')
      .join(', ')

  return {
    to: addresses(to),
    from: from?.text ?? '',
    subject,
    messageId,
    text,
    html: typeof html === 'string' ? html : '',
    headers: Object.fromEntries(headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).trim()])),
    raw,
  }
}

/** What the server says to a command that it refuses: `550 5.1.1 no such mailbox`; null: it does not. */
export type Refusal = string | null
export interface Refusing {
  readonly sender?: (address: string) => Refusal
  readonly recipient?: (address: string) => Refusal
  readonly data?: () => Refusal
}
function refusedWith(said: Refusal): Error | null {
  if (said === null) return null
  const [, responseCode, message] = /^(\d{3})\s*(.*)$/.exec(said) ?? []

  return Object.assign(new Error(message === '' ? 'refused' : message), { responseCode: Number(responseCode) })
}

/** Hears SMTP on a port; `take` keeps each letter, and the client is told that it is taken once that is done. */
export async function smtpServer(
  port: number,
  take: (raw: string) => Promise<void>,
  { sender = () => null, recipient = () => null, data = () => null }: Refusing = {},
): Promise<SMTPServer> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST,
    logger: false,
    onMailFrom: ({ address }, _session, done) => done(refusedWith(sender(address))),
    onRcptTo: ({ address }, _session, done) => done(refusedWith(recipient(address))),
    onData: (stream, _session, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const refused = refusedWith(data())
        if (refused) return done(refused)
        take(Buffer.concat(parts).toString('utf8')).then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        )
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, HERE, () => resolve())
  })

  return server
}

export interface MailboxPlace {
  /** where letters are kept */
  readonly folder: string
  readonly smtpPort: number
  readonly pagePort: number
}

/** Starts the server and the page. */
export async function startMailbox({ folder, smtpPort, pagePort }: MailboxPlace): Promise<Mailbox> {
  mkdirSync(folder, { recursive: true })
  const names = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.eml'))
      .sort()
  let last = Number(names().at(-1)?.slice(0, 12) ?? 0)
  const smtp = await smtpServer(smtpPort, async (raw) => {
    last += 1
    replaceFile(path.join(folder, `${String(last).padStart(12, '0')}.eml`), raw)
    for (const old of names().slice(0, -KEPT)) rmSync(path.join(folder, old), { force: true })
  })
  const letters = () =>
    Promise.all(
      names()
        .reverse()
        .map((name) => readLetter(readFileSync(path.join(folder, name), 'utf8'))),
    )
  const page = http.createServer((request, response) => {
    letters().then(
      (taken) => answer(request, response, taken),
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    page.once('error', reject)
    page.listen(pagePort, HERE, () => resolve())
  })
  const portOf = (server: { address: () => AddressInfo | string | null }) => (server.address() as AddressInfo).port

  return {
    smtpUrl: `smtp://${HERE}:${String(portOf(smtp.server))}`,
    pageUrl: `http://localhost:${String(portOf(page))}`,
    close: async () => {
      page.closeAllConnections()
      await Promise.all([
        new Promise<void>((resolve) => smtp.close(() => resolve())),
        new Promise<void>((resolve) => page.close(() => resolve())),
      ])
    },
  }
}

function answer(request: http.IncomingMessage, response: http.ServerResponse, letters: readonly TakenLetter[]): void {
  const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
  if (request.method !== 'GET') return void response.writeHead(405, headers).end()
  if (request.url === '/letters.json') {
    response.writeHead(200, { ...headers, 'Content-Type': 'application/json' }).end(JSON.stringify(letters))

    return
  }
  const shown = letters.map(
    ({ to, subject, messageId, headers: { date = '' }, text }) =>
      `<article><h2>${escaped(subject)}</h2><p>${escaped(to)}<br>${escaped(date)}<br>${escaped(messageId)}</p><pre>${escaped(text)}</pre></article>`,
  )
  response
    .writeHead(200, {
      ...headers,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
    .end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Letters of the demonstration</title>
<style>body{font:1rem/1.5 system-ui;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;background:#f3f5f7;padding:1rem}</style></head>
<body><h1>Letters of the demonstration</h1><p>Taken by its own mail server and delivered to nobody; the last ${String(KEPT)}, the newest first.</p>
${shown.join('') || '<p>There are none yet.</p>'}</body></html>`,
    )
}
