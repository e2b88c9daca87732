/** `node --import tsx scripts/migrate.ts`: applies the migrations and enters the law; a demonstration also gets its made-up people. */
import { readConfig } from '../api/config'
import { migrateDeploy } from '../prisma/migrate'
import { seedLaw, seedRegister } from '../prisma/seed/seed'
import { isoDate } from '../workflows/kernel/calendar'
import { messageOf } from './processes'

async function main(): Promise<void> {
  const { databaseUrl, demo } = readConfig()
  const applied = await migrateDeploy(databaseUrl)
  console.log(applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.join(', ')}.`)
  const on = isoDate(new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Almaty' }))
  if (demo) await seedRegister(databaseUrl, { on })
  else await seedLaw(databaseUrl)
}

main().catch((error: unknown) => {
  console.error(messageOf(error))
  process.exitCode = 1
})
