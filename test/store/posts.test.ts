/** Posts are held once: by the database, and in a sentence for whoever would have them held twice. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { knownMigrations, migrateDeploy } from '../../prisma/migrate'
import { posts } from '../../prisma/store/register'
import { SYSTEM, writeRegister, type NewRow } from '../../prisma/store/register-trail'
import { KEEPER } from '../../prisma/store/register-sight'
import { databaseUrl, query } from '../../scripts/postgres'
import { isoDate } from '../../workflows/kernel/law/calendar'
import type { PersonId, PositionId } from '../../workflows/kernel/contract'
import { freshDatabase, type FreshDatabase } from '../support/database'
import { oneRowEach } from '../support/migration-locks'
import { testServers } from '../support/servers'

let database: FreshDatabase
/** people who hold no post, and positions that nobody has ever held */
let people: PersonId[]
let positions: PositionId[]
beforeAll(async () => {
  database = await freshDatabase({ register: true })
  people = [randomUUID(), randomUUID(), randomUUID()] as PersonId[]
  const names = { surnameKk: 'a', surnameRu: 'b', surnameEn: 'c', givenKk: 'd', givenRu: 'e', givenEn: 'f', sex: 'f' }
  await database.db.sql.transaction((tx) =>
    writeRegister(tx, SYSTEM, 'people', {
      enter: people.map((id) => ({ ...names, id, birthDate: isoDate('1990-01-01') })),
    }),
  )
  const free = await database.sql(
    `select id from positions where id not in (select "positionId" from posts) order by id limit 3`,
  )
  positions = free.map(({ id }) => id as PositionId)
})
afterEach(() => database.sql(`delete from posts where "personId" = any($1)`, [people]))
afterAll(() => database.drop())

const person = (n: number): PersonId => people[n]!
const position = (n: number): PositionId => positions[n]!
type Post = NewRow<'posts'> & { readonly id: string }
const post = (of: Partial<Post>): Post => ({
  id: randomUUID(),
  personId: person(0),
  positionId: position(0),
  from: isoDate('2026-01-01'),
  ...of,
})
const entered = async (...rows: Post[]) => {
  for (const row of rows)
    await database.db.sql.transaction((tx) => writeRegister(tx, SYSTEM, 'posts', { enter: [row] }))

  return rows
}

describe('the database', () => {
  test.each([
    ['a position twice', { personId: 1 }, 'posts_position_held'],
    ['a position on the last day of another', { personId: 1, from: '2026-06-30' }, 'posts_position_held'],
    ['two posts by one person', { positionId: 1 }, 'posts_person_held'],
    ['two posts by one person, one of them temporarily', { positionId: 1, kind: 'temporary' }, 'posts_person_held'],
  ] as const)('does not hold %s', async (_what, of, constraint) => {
    await entered(post({ to: isoDate('2026-06-30') }))
    const other = post({
      personId: person('personId' in of ? of.personId : 0),
      positionId: position('positionId' in of ? of.positionId : 0),
      ...('from' in of ? { from: isoDate(of.from) } : {}),
      ...('kind' in of ? { kind: of.kind } : {}),
    })
    await expect(entered(other)).rejects.toThrow(constraint)
  })

  test('holds a position from the day after its holder has left, and temporarily while he is away, once', async () => {
    await entered(post({ to: isoDate('2026-06-30') }))
    await entered(post({ personId: person(1), from: isoDate('2026-07-01') }))
    await entered(post({ personId: person(2), kind: 'temporary' }))
    const again = post({ personId: person(0), from: isoDate('2026-08-01'), kind: 'temporary' })
    await expect(entered(again)).rejects.toThrow('posts_position_held')
  })
})

describe('a change of a post', () => {
  test('that would have its position held twice names whose it is, and changes nothing', async () => {
    const [held, other] = await entered(
      post({ from: isoDate('2026-07-01') }),
      post({ personId: person(1), to: isoDate('2026-06-30') }),
    )
    const trail = () => database.sql(`select count(*)::int as n from register_changes where register = 'posts'`)
    const before = await trail()
    const at = { id: other!.id, version: 1 }
    expect(await posts.update(database.db, SYSTEM, at, { to: null })).toEqual({
      refused: 'positionHeld',
      by: {
        post: held!.id,
        person: { id: person(0), name: { kk: 'a d', ru: 'b e', en: 'c f' } },
        position: { id: position(0), name: expect.objectContaining({ en: expect.any(String) }) },
        from: '2026-07-01',
        to: null,
      },
    })
    expect(await trail()).toEqual(before)
    expect(await posts.get(database.db, other!.id, KEEPER)).toMatchObject({ to: '2026-06-30', version: 1 })
    expect(await posts.update(database.db, SYSTEM, at, { from: isoDate('2025-12-01') })).toMatchObject({ version: 2 })
  })

  test('that would have its person hold two posts names the other', async () => {
    const [held, other] = await entered(
      post({ from: isoDate('2026-07-01') }),
      post({ positionId: position(1), to: isoDate('2026-06-30') }),
    )
    expect(await posts.update(database.db, SYSTEM, { id: other!.id, version: 1 }, { to: null })).toMatchObject({
      refused: 'personHeld',
      by: { post: held!.id },
    })
  })

  test('of two at the same time is made once', async () => {
    const [one, other] = await entered(
      post({ to: isoDate('2026-03-31') }),
      post({ personId: person(1), from: isoDate('2026-04-01'), to: isoDate('2026-06-30') }),
    )
    const to = isoDate('2026-12-31')
    const answers = await Promise.all([
      posts.update(database.db, SYSTEM, { id: one!.id, version: 1 }, { from: isoDate('2026-10-01'), to }),
      posts.update(database.db, SYSTEM, { id: other!.id, version: 1 }, { to }),
    ])
    expect(answers.filter((answer) => typeof answer === 'object' && 'refused' in answer)).toHaveLength(1)
  })
})

describe('an installation of before', () => {
  const migrations = path.join(__dirname, '..', '..', 'prisma', 'migrations')
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mansap-posts-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  /** A database in use to which the migrations before that one have been applied. */
  async function installedBefore(first: string) {
    const admin = databaseUrl(testServers().postgres, 'postgres')
    const name = `test_${randomUUID().replaceAll('-', '')}`
    await query(admin, `create database ${name} template template0`)
    const url = databaseUrl(testServers().postgres, name)
    const before = (await knownMigrations()).filter((each) => each < first)
    for (const each of before) cpSync(path.join(migrations, each), path.join(folder, each), { recursive: true })
    await migrateDeploy(url, folder)
    await oneRowEach(url)

    return { url, drop: () => query(admin, `drop database ${name} with (force)`) }
  }

  test('is told which posts are held twice, is left as it is, and goes on once they are corrected', async () => {
    const { url, drop } = await installedBefore('20261127190000')
    const [other] = await query(
      url,
      `insert into posts (id, "personId", "positionId", "from") select gen_random_uuid(), "personId", "positionId", "from" from posts returning id`,
    )
    await query(
      url,
      `insert into posts (id, "personId", "positionId", "from", "to") select gen_random_uuid(), "personId", "positionId", '2020-02-02', '2020-02-01' from posts limit 1`,
    )
    const refused = await migrateDeploy(url).catch((error: unknown) => String(error))
    expect(refused).toContain('posts are held twice')
    expect(refused).toContain(
      'position 00000000-0000-4000-8000-000000000001: person 00000000-0000-4000-8000-000000000001 2026-01-01 to',
    )
    expect(refused).toContain(String(other?.['id']))
    expect(refused).toContain('ends on 2020-02-01 before it begins on 2020-02-02')
    await query(url, `delete from posts where id = '${String(other?.['id'])}' or "to" < "from"`)
    expect((await migrateDeploy(url)).length).toBeGreaterThan(0)
    expect(await query(url, 'select distinct kind from posts')).toEqual([{ kind: 'permanent' }])
    await drop()
  })

  test('is told which posts began to be held twice while it was on its way', async () => {
    const { url, drop } = await installedBefore('20261127190100')
    const [other] = await query(
      url,
      `insert into posts (id, "personId", "positionId", "from") select gen_random_uuid(), "personId", "positionId", "from" from posts returning id`,
    )
    for (const _time of [1, 2]) {
      const refused = await migrateDeploy(url).catch((error: unknown) => String(error))
      expect(refused).toContain(
        'position 00000000-0000-4000-8000-000000000001: person 00000000-0000-4000-8000-000000000001 2026-01-01 to',
      )
      expect(refused).toContain(String(other?.['id']))
    }
    await query(url, `delete from posts where id = '${String(other?.['id'])}'`)
    expect((await migrateDeploy(url)).length).toBeGreaterThan(0)
    expect(await query(url, 'select distinct kind from posts')).toEqual([{ kind: 'permanent' }])
    await drop()
  })

  test.each([
    ['of the head by the post that heads the body', 'head', '2026-01-01', true, true],
    ['of the head who was given it later by the same post', 'head', '2026-03-01', true, true],
    ['of the head by no other post', 'head', '2026-01-01', false, false],
    ['of HR that began with the post', 'hr', '2026-01-01', false, true],
    ['of HR that began later', 'hr', '2026-03-01', false, false],
    ['of an administrator', 'administrator', '2026-01-01', false, false],
  ])(
    'has the role %s hang on it, where nothing else can be meant: %s from %s',
    async (_what, role, from, heads, hangs) => {
      const { url, drop } = await installedBefore('20261127191000')
      await query(url, `update posts set "to" = null`)
      await query(url, `update positions set "headsBody" = ${String(heads)}`)
      await query(url, `update body_roles set role = '${role}', "from" = '${from}', "to" = null`)
      await migrateDeploy(url)
      expect(await query(url, 'select "postId" = (select id from posts) as hangs from body_roles')).toEqual([
        { hangs: hangs || null },
      ])
      await drop()
    },
  )
})

test('the owner of a database who is no superuser can migrate it', async () => {
  const admin = databaseUrl(testServers().postgres, 'postgres')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await query(admin, `create role ${name} login password 'owner'`)
  await query(admin, `create database ${name} template template0 owner ${name}`)
  const url = new URL(databaseUrl(testServers().postgres, name))
  url.username = name
  url.password = 'owner'
  expect((await migrateDeploy(url.href)).length).toBeGreaterThan(10)
  expect(await query(url.href, `select extname from pg_extension where extname = 'btree_gist'`)).toHaveLength(1)
  await query(admin, `drop database ${name} with (force)`)
  await query(admin, `drop role ${name}`)
})
