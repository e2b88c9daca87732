/** The environment, read once and checked; every other file is handed what it needs. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65535)
const flag = z.enum(['0', '1']).transform((value) => value === '1')

const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d+$/)
    .default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  MANSAP_DEMO: flag.default(false),
  SESSION_SECRET: z.string().min(16).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  CONSOLE_DIR: z.string().min(1).default('admin-ui/dist'),
})

export interface Config {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** people choose who they are instead of proving it */
  readonly demo: boolean
  readonly sessionSecret: string
  readonly logLevel: string
  /** folder of the built console */
  readonly consoleDir: string
  readonly version: string
}

/** A setting that keeps the product from starting; its message is one sentence for whoever starts it. */
export class ConfigError extends Error {}

const ROOT = path.resolve(__dirname, '..')

/** Version of this product, from package.json. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))).version

/** Settings from the environment; throws ConfigError with a sentence when one is missing or makes no sense. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0])
    throw new ConfigError(
      given[name] === undefined
        ? `Set ${name}: it is needed.`
        : `${name} cannot be "${name.includes('SECRET') ? '…' : given[name]}".`,
    )
  }
  const { data } = parsed
  if (data.SESSION_SECRET === undefined && !data.MANSAP_DEMO) throw new ConfigError('Set SESSION_SECRET: it is needed.')

  return {
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    temporal: { address: data.TEMPORAL_ADDRESS, namespace: data.TEMPORAL_NAMESPACE },
    demo: data.MANSAP_DEMO,
    sessionSecret: data.SESSION_SECRET ?? 'a demonstration keeps no secrets',
    logLevel: data.LOG_LEVEL,
    consoleDir: path.resolve(ROOT, data.CONSOLE_DIR),
    version: VERSION,
  }
}

/** In production a person must prove who he is; until an identity provider is connected only the demonstration starts. */
export function requireIdentityProvider(config: Config): void {
  if (config.demo) return
  throw new ConfigError(
    'No identity provider is configured, so nobody could sign in: set MANSAP_DEMO=1 to run the demonstration.',
  )
}
