/** Reads what cases carry, for the checks. */
import { readFileSync } from 'node:fs'
import type { Db } from '../../../prisma/store/db'
import type { CarriedRows } from './carried-checks'

/** How much cases carry. */
export interface CarriedCount {
  readonly papers: number
  readonly letters: number
  /** taken by the mail server more than once */
  readonly sentAgain: number
  /** that belong to an answer */
  readonly files: number
  readonly comments: number
}

export const countOfCarried = ({ documents, letters, taken, files, comments }: CarriedRows): CarriedCount => ({
  papers: documents.filter(({ made }) => made).length,
  letters: letters.filter(({ state }) => state === 'sent').length,
  sentAgain: taken.length - new Set(taken.map(({ messageId }) => messageId)).size,
  files: files.filter(({ done }) => done).length,
  comments: comments.length,
})

/** What the mail server has taken; the last line may be half written when it was killed. */
function takenLetters(mailFile: string): CarriedRows['taken'] {
  const lines = readText(mailFile).split('\n').slice(0, -1)

  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as CarriedRows['taken'][number]]
    } catch {
      return []
    }
  })
}
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // no letter came
    return ''
  }
}

/** Everything that is stored of papers, letters, files and comments, and what the mail server wrote down. */
export async function carriedRows({ sql }: Db, mailFile: string): Promise<CarriedRows> {
  const [documents, entries, toBeTold, letters, unlettered, files, comments] = await Promise.all([
    sql.rows<CarriedRows['documents'][number]>`
      select d."caseId", d.number, p."documentId" is not null as ordered, p."madeAt" is not null as made,
        (select coalesce(jsonb_object_agg(r.language, jsonb_build_object('kept', r.sha256, 'is', encode(sha256(r.bytes), 'hex'))), '{}')
          from paper_renderings r where r."documentId" = d.id) as renderings
      from documents d left join papers p on p."documentId" = d.id`,
    sql.rows<CarriedRows['entries'][number]>`
      select "caseId", params ->> 'number' as number, params -> 'sums' as sums from events where kind = 'paperMade'`,
    sql.rows<CarriedRows['toBeTold'][number]>`
      select n.id as notice, n."caseId", p.id as person from notices n join people p on p.email is not null and (p.id = n."personId"
        or exists (select 1 from body_roles r where r."personId" = p.id and r.role = n.role and r."bodyKey" = n."bodyKey"
          and r."from" < current_date - 1 and r."to" is null))
      where n."toldAt" is not null and not n.rehearsed
        -- of a case that was restricted, who was named each time or has a part in it
        and (not exists (select 1 from events e where e."caseId" = n."caseId" and e.kind = 'caseRestricted'
            and not jsonb_exists(e.params -> 'people', p.id::text))
          or exists (select 1 from cases c where c.id = n."caseId" and p.id = any(c.people)))`,
    sql.rows<CarriedRows['letters'][number]>`
      select "messageId", "personId" as person, state, "noticeIds" as notices from letters`,
    // one that is told while it is looked waits for the next round, two seconds later
    sql.rows<{
      caseId: string
    }>`select distinct "caseId" from notices where "toldAt" < now() - interval '10 seconds' and "letteredAt" is null`,
    sql.rows<CarriedRows['files'][number]>`
      select f.id, m.principal, m.key, coalesce(m.state = 'done' and m.outcome ->> 'result' is distinct from 'refused', false) as done,
        (select encode(sha256(string_agg(p.bytes, ''::bytea order by p.n)), 'hex') from file_pieces p where p."storeKey" = b."storeKey") as sha256
      from files f join file_blobs b on b.sha256 = f.sha256 left join commands m on m.id = f."commandId"`,
    sql.rows<CarriedRows['comments'][number]>`
      select m."caseId", k.body ->> 'text' as text
      from comments m join contents k on k.id = m."contentId"`,
  ])

  return {
    ...{ documents, entries, toBeTold, letters, files, comments },
    taken: takenLetters(mailFile),
    unlettered: unlettered.map(({ caseId }) => caseId),
  }
}
