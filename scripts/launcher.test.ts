import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { restartDelay, warningIn } from './children'
import { sourcesDigest } from './console'
import { fileIn, isOurs, readRun, secretsOf, spaceProblem, takeFolder, temporalDataVersion } from './data-folder'
import { CannotStart, isAlive, messageOf, notStarted } from './processes'
import { explained, portSentence, publicUrl } from './product'
import { readFlags, readPort } from './start'
import { smallDisk } from '../test/faults/runner/disk'
import { chooseTemporal, installFailure, mayOpen, serverVersion, temporalArguments } from './temporal'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'mansap-launcher-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('which Temporal', () => {
  const programs =
    (...files: string[]) =>
    (file: string) =>
      files.includes(file)
  test.each([
    [
      { TEMPORAL_CLI: '/opt/t', PATH: '/usr/bin' },
      ['/opt/t', '/usr/bin/temporal'],
      { from: 'TEMPORAL_CLI', file: '/opt/t' },
    ],
    [{ PATH: '/usr/bin::/bin' }, ['/bin/temporal', '/cache'], { from: 'PATH', file: '/bin/temporal' }],
    [{ PATH: '/usr/bin' }, ['/cache'], { from: 'cache', file: '/cache' }],
    [{}, [], { from: 'install' }],
  ])('%j', (env, files, expected) => {
    expect(chooseTemporal(env, '/cache', programs(...files))).toEqual(expected)
  })

  test('a wrong TEMPORAL_CLI is said, not passed over', () => {
    expect(() => chooseTemporal({ TEMPORAL_CLI: '/nowhere' }, '/cache', programs('/cache'))).toThrow('/nowhere')
  })

  test.each([
    [undefined, '1.32', true],
    ['1.32', '1.32', true],
    ['1.31', '1.32', true],
    ['1.33', '1.32', false],
    ['2.0', '1.32', false],
    ['1.9', '1.32', true],
  ])('data of %s opened by %s: %s', (data, server, expected) => {
    expect(mayOpen(data, server)).toBe(expected)
  })

  test('its version is read from what it prints', () => {
    expect(serverVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)')).toBe('1.32')
    expect(serverVersion('zsh: command not found')).toBeUndefined()
  })

  test.each([
    ['OSError: [Errno 28] No space left on device', 'disk is full'],
    [
      'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE',
      'not the one this version was tested with',
    ],
    ['Could not find a version that satisfies the requirement', 'is there a network?'],
  ])('pip says "%s"', (said, sentence) => {
    expect(installFailure(said)).toContain(sentence)
  })

  test('cases are flushed to disk at every commit; tests keep nothing', () => {
    const place = { program: 'temporal', port: 1, logFile: '' }
    expect(temporalArguments({ ...place, file: '/d/temporal.db' })).toEqual(
      expect.arrayContaining(['--db-filename', '/d/temporal.db', 'journal_mode=WAL', 'synchronous=2']),
    )
    expect(temporalArguments(place)).not.toContain('--db-filename')
  })
})

describe('the data folder', () => {
  test('is held by one launcher at a time and given back', async () => {
    const giveBack = await takeFolder(folder)
    giveBack()
    const again = await takeFolder(folder)
    again()
  })

  test('a lock left by a process that is gone, or is something else, is taken over', async () => {
    for (const left of ['999999', String(process.ppid), 'rubbish', '']) {
      writeFileSync(path.join(folder, 'lock'), left)
      const giveBack = await takeFolder(folder)
      giveBack()
    }
  })

  test('a process is ours only when its command line names the folder', () => {
    expect(isOurs('/x/postgres -D /d/postgres -p 1', '/d')).toBe(true)
    expect(isOurs('/usr/sbin/sshd', '/d')).toBe(false)
    expect(isOurs(undefined, '/d')).toBe(false)
  })

  test('too little space is one sentence', () => {
    expect(spaceProblem(299 * 1024 * 1024, '/d')).toBe(
      'The disk is full: /d has 299 MB left and Mansap needs 300 MB to start.',
    )
    expect(spaceProblem(400 * 1024 * 1024, '/d')).toBeUndefined()
  })

  test('a record cut off by a kill counts as none', () => {
    expect(readRun(folder)).toBeUndefined()
    writeFileSync(path.join(folder, 'run.json'), '{"launcher": 1')
    expect(readRun(folder)).toBeUndefined()
  })

  test('keys are made once', () => {
    expect(secretsOf(folder)).toEqual(secretsOf(folder))
  })

  test('the Temporal version counts only where there is data of it', () => {
    writeFileSync(path.join(folder, 'versions.json'), '{"temporal":"1.40"}')
    expect(temporalDataVersion(folder)).toBeUndefined()
    writeFileSync(path.join(folder, 'temporal.db'), '')
    expect(temporalDataVersion(folder)).toBe('1.40')
  })

  test('a full disk found later is the same sentence', () => {
    for (const full of [
      Object.assign(new Error('write'), { code: 'ENOSPC' }),
      new CannotStart('Postgres could not be started: FATAL:  could not write: No space left on device'),
      new Error('database or disk is full (13)'),
    ])
      expect(explained(full, folder)).toMatchObject({
        name: 'CannotStart',
        message: expect.stringContaining('The disk is full') as string,
      })
  })

  test.each([
    ['EROFS', 'the disk is read-only'],
    ['EACCES', 'this user has no right to'],
    ['EPERM', 'this user has no right to'],
    ['ENOTDIR', 'a folder'],
    ['EISDIR', 'a file'],
    ['EIO', 'The disk cannot read or write'],
  ])('a data folder that refuses with %s is one sentence', (code, says) => {
    const error = Object.assign(new Error(code), { code, path: path.join(folder, 'run.json.new') })
    const why = explained(error, folder)
    expect(why).toMatchObject({ name: 'CannotStart' })
    expect(messageOf(why)).toContain(says)
    expect(messageOf(why)).toContain(error.path)
    // what fails elsewhere is a fault of ours, and is shown whole
    expect(explained({ ...error, path: '/elsewhere' }, folder)).not.toBeInstanceOf(CannotStart)
  })

  test('a file where the folder should be is one sentence', async () => {
    const file = path.join(folder, 'file')
    writeFileSync(file, '')
    await expect(takeFolder(file)).rejects.toThrow(`cannot use ${file}, because it is not what it should be`)
    await expect(takeFolder(path.join(file, 'inside'))).rejects.toThrow('is not what it should be')
  })

  test('a folder that takes no writing is one sentence', async () => {
    const disk = smallDisk(path.join(folder, 'disk'))
    const closed = 'missing' in disk ? path.join(folder, 'closed') : disk.folder
    if ('missing' in disk) mkdirSync(closed, { mode: 0o555 })
    else execFileSync('mount', ['-o', 'remount,ro', closed])
    try {
      await expect(takeFolder(closed)).rejects.toThrow(/^Mansap (cannot|may not) write .*MANSAP_DATA=/)
    } finally {
      if (!('missing' in disk)) disk.remove()
    }
  })

  test('keys that are damaged, or gone while the data is there, are one sentence', () => {
    const { secrets, postgres } = fileIn(folder)
    writeFileSync(secrets, '{"session": "')
    expect(() => secretsOf(folder)).toThrow(`${secrets} is damaged`)
    rmSync(secrets)
    mkdirSync(postgres)
    writeFileSync(path.join(postgres, 'PG_VERSION'), '18')
    expect(() => secretsOf(folder)).toThrow(`${secrets} is missing`)
    expect(existsSync(secrets)).toBe(false)
  })

  test('a note of versions that is damaged is one sentence', () => {
    writeFileSync(fileIn(folder).temporal, '')
    writeFileSync(fileIn(folder).versions, '')
    expect(() => temporalDataVersion(folder)).toThrow('is damaged')
  })

  test('a server that does not start is one sentence, with what it said this time', () => {
    const log = path.join(folder, 'postgres.log')
    const before = '2026-11-27 08:00:00.000 UTC [7] FATAL:  of yesterday\n'
    writeFileSync(
      log,
      `${before}2026-11-27 08:00:00.000 UTC [9] PANIC:  could not locate a valid checkpoint record\nended\n`,
    )
    expect(notStarted('Postgres', log, before.length).message).toMatch(
      /^Postgres could not be started: PANIC: {2}could not locate a valid checkpoint record \(all it said: .*doc\/backup\.md/,
    )
  })
})

describe('the command line', () => {
  test('flags', () => {
    expect(readFlags([])).toEqual({ reset: false, yes: false })
    expect(readFlags(['--reset', '--yes'])).toEqual({ reset: true, yes: true })
    expect(() => readFlags(['--rest'])).toThrow('--rest')
  })

  test('port', () => {
    expect(readPort(undefined)).toBe(3000)
    expect(readPort('8080')).toBe(8080)
    for (const wrong of ['x', '0', '70000', '3000.5']) expect(() => readPort(wrong)).toThrow('PORT')
  })

  test.each([
    ['EADDRINUSE', 'is taken by another program'],
    ['EACCES', 'above 1023'],
    ['EADDRNOTAVAIL', 'has no address 10.1.2.3'],
    ['ENOTFOUND', 'has no address 10.1.2.3'],
    ['EINVAL', '(EINVAL)'],
  ])('a port refused with %s is one sentence', (code, says) => {
    expect(portSentence(code, { host: '10.1.2.3', port: 80 })).toContain(says)
  })

  test('the address that is printed', () => {
    expect(publicUrl('127.0.0.1', 3000)).toBe('http://localhost:3000')
    expect(publicUrl('0.0.0.0', 8080)).toBe('http://localhost:8080')
    expect(publicUrl('mansap.example', 80)).toBe('http://mansap.example:80')
  })
})

test('a part that keeps dying is started more and more slowly', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 20].map(restartDelay)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10000, 10000])
})

test('only warnings of the JSON logs reach the terminal', () => {
  expect(warningIn('{"level":40,"msg":"late"}')).toBe('late')
  expect(warningIn('{"level":30,"msg":"fine"}')).toBeUndefined()
  expect(warningIn('{"level":50')).toBeUndefined()
  expect(warningIn('plain')).toBeUndefined()
})

test('the console is built again when a source changes, and not for what was built', () => {
  writeFileSync(path.join(folder, 'a.ts'), '1')
  const before = sourcesDigest(folder)
  expect(sourcesDigest(folder)).toBe(before)
  writeFileSync(path.join(folder, 'a.ts'), '2')
  expect(sourcesDigest(folder)).not.toBe(before)
})

test('processes', () => {
  expect(isAlive(process.pid)).toBe(true)
  expect(isAlive(4_194_303)).toBe(false)
})
