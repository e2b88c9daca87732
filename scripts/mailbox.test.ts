/** The page of the demonstration's letters shows them as text: whatever a letter holds runs nothing there. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createTransport } from 'nodemailer'
import { startMailbox } from './mailbox'

test('a letter with markup in every part is text on the page, which may run nothing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-mailbox-'))
  const mailbox = await startMailbox({ folder, smtpPort: 0, pagePort: 0 })
  const transport = createTransport(mailbox.smtpUrl)
  try {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(1)>'
    await transport.sendMail({
      ...{ from: 'mansap@example.org', to: { name: evil, address: 'reader@example.org' }, subject: evil },
      ...{ text: evil, html: evil, messageId: `<${evil.replace(/\W/g, '')}@example.org>` },
    })
    const answer = await fetch(mailbox.pageUrl)
    const page = await answer.text()
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).not.toMatch(/<script|<img/)
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; style-src 'unsafe-inline'")
    const json = await fetch(`${mailbox.pageUrl}/letters.json`)
    expect(json.headers.get('content-type')).toBe('application/json')
    expect(json.headers.get('x-content-type-options')).toBe('nosniff')
  } finally {
    transport.close()
    await mailbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
