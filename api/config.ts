/** The environment, read once and checked; every other file is handed what it needs. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import type { S3Settings } from '../prisma/store/file-store-s3'
import type { MailSettings } from './service/mail'
import { LARGEST_MB, MEGABYTE } from '../workflows/kernel/contract'
import { PayloadKeys, type PayloadKey } from './service/payload-keys'
import type { Uploads } from './service/service'

const port = z.coerce.number().int().min(0).max(65535)
const flag = z.enum(['0', '1']).transform((value) => value === '1')
const address = z.string().regex(/^[^\s:]+:\d+$/)
const payloadKey = z
  .string()
  .regex(/^[\w-]+:[0-9a-f]{64}$/)
  .transform((text) => {
    const [id = '', secret = ''] = text.split(':')
    return { id, secret: Buffer.from(secret, 'hex') }
  })
const list = z.string().transform((text) => text.split(',').map((each) => each.trim()))

const environment = z.object({
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: z.string().regex(/^postgres(ql)?:\/\//),
  TEMPORAL_ADDRESS: address.default('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  MANSAP_DEMO: flag.default(false),
  SESSION_SECRET: list.pipe(z.array(z.string().min(16))).optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  CONSOLE_DIR: z.string().min(1).default('admin-ui/dist'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('http://localhost:3000'),
  DRAIN_SECONDS: z.coerce.number().min(0).max(300).default(0),
  METRICS_ADDRESS: address.optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//)
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]+$/)
    .optional(),
  MANSAP_PAYLOAD_KEYS: list.pipe(z.array(payloadKey)).default([]),
  FILES_BUCKET: z.string().min(1).optional(),
  FILES_BUCKET_REGION: z.string().min(1).optional(),
  FILES_BUCKET_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  FILES_BUCKET_ACCESS_KEY: z.string().min(1).optional(),
  FILES_BUCKET_SECRET_KEY: z.string().min(1).optional(),
  UPLOADS_UNUSED_FILES: z.coerce.number().int().min(1).max(10_000).default(50),
  UPLOADS_UNUSED_MB: z.coerce.number().int().min(LARGEST_MB).max(100_000).default(500),
  UPLOADS_UNUSED_HOURS: z.coerce.number().min(1).max(8760).default(24),
})

/** Every variable that the API and the worker know. */
export const SETTINGS: readonly string[] = Object.keys(environment.shape)

export interface Config {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string
  readonly temporal: { readonly address: string; readonly namespace: string }
  /** people choose who they are instead of proving it */
  readonly demo: boolean
  /** the first signs, all are believed: that is how a secret is replaced without signing everybody out */
  readonly sessionSecrets: readonly string[]
  readonly logLevel: string
  /** folder of the built console */
  readonly consoleDir: string
  /** where people reach the product: papers lead to a page there that checks them */
  readonly publicUrl: string
  /** how long the API goes on serving after it has said that it will stop, so that whoever shares out requests hears it */
  readonly drainMs: number
  /** where a process shows what it measures, the worker Temporal's own figures; undefined: nowhere */
  readonly metricsAddress: string | undefined
  /** how letters are sent; null: none are */
  readonly mail: MailSettings | null
  /** the first encrypts what workflows are given, all decrypt it; none: it is not encrypted */
  readonly payloadKeys: readonly PayloadKey[]
  /** the bucket that keeps bytes of files; null: the database does */
  readonly filesInS3: S3Settings | null
  readonly uploads: Uploads
  readonly version: string
}

/** A setting that keeps the product from starting; its message is one sentence for whoever starts it. */
export class ConfigError extends Error {}

const ROOT = path.resolve(__dirname, '..')

/** Version of this product, from package.json. */
export const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'))).version

/** Settings of a schema; an empty one is as good as none. Throws ConfigError. */
function settingsIn<S extends z.ZodType>(schema: S, env: Readonly<Record<string, string | undefined>>): z.output<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const name = String(parsed.error.issues[0]?.path[0])
  throw new ConfigError(
    given[name] === undefined
      ? `Set ${name}: it is needed.`
      : `${name} cannot be "${/SECRET|KEYS|URL/.test(name) ? '…' : given[name]}".`,
  )
}

/** Settings from the environment; throws ConfigError with a sentence when one is missing or makes no sense. */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const data = settingsIn(environment, env)

  return {
    port: data.PORT,
    host: data.HOST,
    databaseUrl: data.DATABASE_URL,
    temporal: { address: data.TEMPORAL_ADDRESS, namespace: data.TEMPORAL_NAMESPACE },
    demo: data.MANSAP_DEMO,
    sessionSecrets: data.SESSION_SECRET ?? (data.MANSAP_DEMO ? ['a demonstration keeps no secrets'] : []),
    logLevel: data.LOG_LEVEL,
    consoleDir: path.resolve(ROOT, data.CONSOLE_DIR),
    publicUrl: data.PUBLIC_URL,
    drainMs: data.DRAIN_SECONDS * 1000,
    metricsAddress: data.METRICS_ADDRESS,
    mail: mailOf(data),
    payloadKeys: data.MANSAP_PAYLOAD_KEYS,
    filesInS3: filesOf(data),
    uploads: {
      quota: { files: data.UPLOADS_UNUSED_FILES, bytes: data.UPLOADS_UNUSED_MB * MEGABYTE },
      unusedMs: data.UPLOADS_UNUSED_HOURS * 3600 * 1000,
    },
    version: VERSION,
  }
}

/** A letter needs a sender, and the way back to the console. */
function mailOf({ SMTP_URL, MAIL_FROM, PUBLIC_URL }: z.output<typeof environment>): MailSettings | null {
  if (SMTP_URL === undefined) return null
  if (MAIL_FROM === undefined) throw new ConfigError('Set MAIL_FROM: with SMTP_URL it is needed.')

  return { smtpUrl: SMTP_URL, from: MAIL_FROM, consoleUrl: PUBLIC_URL }
}

const OF_BUCKET = ['FILES_BUCKET_REGION', 'FILES_BUCKET_ACCESS_KEY', 'FILES_BUCKET_SECRET_KEY'] as const
const FILES_VARIABLES = ['FILES_BUCKET', 'FILES_BUCKET_ENDPOINT', ...OF_BUCKET] as const

/** A bucket needs a region and a pair of keys; either, or its endpoint, without a bucket would keep files where nobody expects them. */
function filesOf(data: Pick<z.output<typeof environment>, (typeof FILES_VARIABLES)[number]>): S3Settings | null {
  const { FILES_BUCKET: bucket, FILES_BUCKET_ENDPOINT: endpoint } = data
  const { FILES_BUCKET_REGION: region, FILES_BUCKET_ACCESS_KEY: accessKey, FILES_BUCKET_SECRET_KEY: secretKey } = data
  if (bucket === undefined) {
    const set = FILES_VARIABLES.find((name) => data[name] !== undefined)
    if (set !== undefined) throw new ConfigError(`Set FILES_BUCKET: with ${set} it is needed.`)

    return null
  }
  if (region === undefined || accessKey === undefined || secretKey === undefined) {
    const missing = OF_BUCKET.find((name) => data[name] === undefined) ?? OF_BUCKET[0]
    throw new ConfigError(`Set ${missing}: with FILES_BUCKET it is needed.`)
  }

  return { bucket, region, endpoint, accessKey, secretKey }
}

const filesEnvironment = environment.pick({
  FILES_BUCKET: true,
  FILES_BUCKET_ENDPOINT: true,
  FILES_BUCKET_REGION: true,
  FILES_BUCKET_ACCESS_KEY: true,
  FILES_BUCKET_SECRET_KEY: true,
})

/** Where files are kept, for commands that need nothing else of the environment; throws ConfigError. */
export const readFilesInS3 = (env: Readonly<Record<string, string | undefined>> = process.env): S3Settings | null =>
  filesOf(settingsIn(filesEnvironment, env))

/** The keys alone, for commands that need nothing else of the environment; throws ConfigError. */
export function readPayloadKeys(env: Readonly<Record<string, string | undefined>> = process.env): PayloadKeys {
  return new PayloadKeys(settingsIn(environment.pick({ MANSAP_PAYLOAD_KEYS: true }), env).MANSAP_PAYLOAD_KEYS)
}

/**
 * What the API needs beyond the worker: a secret for its sessions and, in production, somebody who says who a person is. Until
 * an identity provider is connected only the demonstration starts.
 */
export function requireSignIn(config: Config): void {
  if (config.sessionSecrets.length === 0) throw new ConfigError('Set SESSION_SECRET: it is needed.')
  if (config.demo) return
  throw new ConfigError(
    'No identity provider is configured, so nobody could sign in: set MANSAP_DEMO=1 to run the demonstration.',
  )
}
