/** `node --import tsx scripts/migrate.ts`: applies the migrations and enters the law; a demonstration also gets its made-up people. */
import { readConfig } from '../api/config'
import { DatabaseIsNewer, migrateDeploy } from '../prisma/migrate'
import { seedLaw, seedRegister } from '../prisma/seed/seed'
import { isoDate } from '../workflows/kernel/law/calendar'
import { messageOf } from './processes'

async function main(): Promise<void> {
  const { databaseUrl, demo } = readConfig()
  const applied = await migrateDeploy(databaseUrl).catch((error: unknown) => {
    if (error instanceof DatabaseIsNewer) return null
    throw error
  })
  // gone back to the release before (doc/operations.md): a release takes away nothing that the one before it reads
  if (applied === null) return console.log('The database is of a newer release and is left as it is.')
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
  const on = isoDate(new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Almaty' }))
  if (demo) await seedRegister(databaseUrl, { on })
  else await seedLaw(databaseUrl)
}

main().catch((error: unknown) => {
  console.error(messageOf(error))
  process.exitCode = 1
})
