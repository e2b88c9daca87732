/** Daily roots as the operator has kept them: lines of the API's log, among any others. */
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { AuditRoot } from '../../prisma/store/audit-roots'
import { isoDate } from '../../workflows/kernel/law/calendar'
import { CannotStart } from '../processes'

const line = z.object({ auditRoot: z.object({ day: z.iso.date(), cases: z.number(), root: z.string() }) })

/** The roots in a file; none without one. */
export function toldRoots(file: string | undefined): AuditRoot[] {
  if (file === undefined) return []
  if (!existsSync(file)) throw new CannotStart(`There is no file of daily roots at ${file}.`)

  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => rootIn(text) ?? [])
}

/** The root that a line of the log tells, if it tells one. */
export function rootIn(text: string): AuditRoot | null {
  if (!text.startsWith('{') || !text.includes('"auditRoot"')) return null
  try {
    const { auditRoot } = line.parse(JSON.parse(text))

    return { ...auditRoot, day: isoDate(auditRoot.day) }
  } catch {
    return null
  }
}
