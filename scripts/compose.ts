/** What `docker-compose.yml` says, for whoever starts the same processes without a container engine. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { CannotStart } from './processes'

export const COMPOSE_FILE = path.join(__dirname, '..', 'docker-compose.yml')

const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  volumes: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  stop_grace_period: z
    .string()
    .regex(/^\d+s$/)
    .default('10s'),
})

/** One service of the file, its variables filled in. */
export type ComposeService = z.infer<typeof service>

/** The file as data, without its variables filled in. */
export const readCompose = (): unknown => parse(readFileSync(COMPOSE_FILE, 'utf8'), { merge: true })

/** The services of the file as the container engine would run them with these variables. */
export function composeServices(variables: Readonly<Record<string, string>>): Record<string, ComposeService> {
  const { services } = z.object({ services: z.record(z.string(), service) }).parse(filled(readCompose(), variables))
  return services
}

function filled(value: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fill(value, variables)
  if (Array.isArray(value)) return value.map((each: unknown) => filled(each, variables))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, variables)]))
}

const VARIABLE = /\$\{(\w+)(?:(:-|:\?)([^}]*))?\}/g

const fill = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(VARIABLE, (_whole, name: string, kind: string | undefined, rest: string | undefined) => {
    const value = variables[name]
    if (value !== undefined && value !== '') return value
    if (kind === ':-') return rest ?? ''
    throw new CannotStart(`Set ${name}: ${rest ?? 'it is needed'}.`)
  })
