/**
 * `node --import tsx scripts/databases.ts`: makes the database users of the product and of Temporal, each the owner of his own
 * databases and of nothing else, and gives them the passwords of the environment: a changed password is set by running it again.
 */
import { Client, escapeIdentifier, escapeLiteral } from 'pg'
import { z } from 'zod'
import { messageOf } from './processes'

const password = z.string().min(16)
const environment = z.object({
  /** address of the server as its administrator */
  ADMIN_DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//),
  MANSAP_DB_PASSWORD: password,
  TEMPORAL_DB_PASSWORD: password,
})

/** Every variable that this script knows. */
export const DATABASE_SETTINGS: readonly string[] = Object.keys(environment.shape)

async function prepare(client: Client, user: string, secret: string, databases: readonly string[]): Promise<void> {
  const role = escapeIdentifier(user)
  const known = await client.query('select 1 from pg_roles where rolname = $1', [user])
  if (known.rowCount === 0) await client.query(`create role ${role} login`)
  await client.query(`alter role ${role} password ${escapeLiteral(secret)}`)
  for (const name of databases) {
    const database = escapeIdentifier(name)
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${database} owner ${role}`)
    await client.query(`revoke connect on database ${database} from public`)
  }
}

async function main(): Promise<void> {
  const parsed = environment.safeParse(process.env)
  if (!parsed.success)
    throw new Error(`Set ${String(parsed.error.issues[0]?.path[0])}: a password of 16 characters or more.`)
  const client = new Client({ connectionString: parsed.data.ADMIN_DATABASE_URL })
  await client.connect()
  try {
    await prepare(client, 'mansap', parsed.data.MANSAP_DB_PASSWORD, ['mansap'])
    await prepare(client, 'temporal', parsed.data.TEMPORAL_DB_PASSWORD, ['temporal', 'temporal_visibility'])
  } finally {
    await client.end()
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(messageOf(error))
    process.exitCode = 1
  })
}
