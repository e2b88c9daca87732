/** The last number given in each series, as an operator sees it and moves it forward after a restore. */
import type { Db } from './db'

export interface Numbering {
  readonly register: string
  readonly last: number
}

/** Every series of real numbers; those of rehearsals matter to nobody. */
export const numberings = (db: Pick<Db, 'sql'>): Promise<Numbering[]> =>
  db.sql.rows<Numbering>`
    select register, last from numberings where register ~ '^(case|document)/' order by register collate "C"`

const CASE = /^(\d{4})-(\d{6,9})$/
const DOCUMENT = /^(\d{4})-([\p{L}\d]+)-(\d{6,9})$/u

/** The series and place of a number as it stands on a case or a paper; null: it is none, or not one that is counted. */
export function placeOf(number: string, body: string | null): Numbering | null {
  const [, year, n] = CASE.exec(number) ?? []
  if (year !== undefined) return body === null ? { register: `case/${year}`, last: Number(n) } : null
  const [, yearOfPaper, mark, nOfPaper] = DOCUMENT.exec(number) ?? []

  return yearOfPaper !== undefined && mark !== undefined && body !== null
    ? { register: `document/${body}/${mark}/${yearOfPaper}`, last: Number(nOfPaper) }
    : null
}

/** Lets the next number of a series be the one after `last`; false, and nothing is changed, when as many were given already. */
export async function liftNumbering(db: Pick<Db, 'sql'>, { register, last }: Numbering): Promise<boolean> {
  const lifted = await db.sql.run`
    insert into numberings (register, last) values (${register}, ${last}::int)
    on conflict (register) do update set last = excluded.last where numberings.last < excluded.last`

  return lifted === 1
}
