/**
 * `npm run numbers`: the last number of each series. `npm run numbers -- 2026-000123` and `npm run numbers -- 2026-MO-000123 <body>`
 * let the next number of that series be the one after it: for after a restore, when papers are about that the backup does not know.
 */
import { createDb } from '../prisma/store/db'
import { liftNumbering, numberings, placeOf } from '../prisma/store/numberings'
import { CannotStart, messageOf } from './processes'
import { running } from './running'

async function main([number, body = null, ...more]: readonly (string | null)[]): Promise<void> {
  if (more.length > 0) throw new CannotStart('Give one number, and for that of a paper the key of its body.')
  const db = createDb(running().databaseUrl)
  try {
    if (typeof number !== 'string') {
      for (const { register, last } of await numberings(db)) console.log(`${register}: ${String(last)}`)

      return
    }
    const place = placeOf(number, body)
    if (!place)
      throw new CannotStart(
        `${number} is no number of a series: give that of a case (2026-000123), or that of a paper and the key of its body (2026-MO-000123 ministryFinance).`,
      )
    if (body !== null && (await db.stateBody.findUnique({ where: { key: body } })) === null)
      throw new CannotStart(`There is no body ${body} in the register.`)
    console.log(
      (await liftNumbering(db, place))
        ? `The next number of ${place.register} follows ${String(place.last)}.`
        : `Nothing is changed: ${place.register} has given ${String(place.last)} already.`,
    )
  } finally {
    await db.$disconnect()
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof CannotStart ? error.message : `Could not: ${messageOf(error)}`)
  process.exitCode = 2
})
