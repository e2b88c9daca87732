/** The API with the example, and its law, beside the processes of the product: give it to the launcher as MANSAP_API_SCRIPT. */
import path from 'node:path'
import { readConfig } from '../../api/config'
import { serveApi } from '../../api/server'
import { readWords } from '../../workflows/words'
import { createDb } from '../../prisma/store/db'
import { processStores } from '../../prisma/store/process-stores'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'
import { certificate } from '../certificate/process'
import { revocation } from '../revocation/process'
import { revocationStore } from '../revocation/store'
import { example } from './process'
import { exampleStore } from './store'
import { enterExampleLaw } from './register'

async function main(): Promise<void> {
  const db = createDb(readConfig().databaseUrl, 1)
  await enterExampleLaw(db)
  await db.$disconnect()
  serveApi(
    processesOf(...processes.all, example, certificate, revocation),
    readWords(path.resolve(__dirname, '../../workflows'), path.resolve(__dirname, '..')),
    { ...processStores, example: exampleStore, revocation: revocationStore },
  )
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
})
