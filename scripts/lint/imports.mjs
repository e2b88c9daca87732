/**
 * Two rules of ESLint about who imports whom. `downwards`: a file imports from its own folder and from folders on lower floors,
 * types too. `no-circle`: no file is reached again through its own imports, types too (import-x/no-cycle leaves out types).
 * Both read the imports of all files once per run, as text.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Folders from the lowest floor up, each with what belongs there. A file belongs to the first folder that its path begins with;
 * folders of one floor do not know each other.
 */
export const FLOORS = [
  ['workflows/kernel/contract/', 'what a process declares, and the values that everything shares'],
  ['workflows/kernel/law/', 'pure rules of every case: dates, terms, clocks, who may do what'],
  ['workflows/kernel/protocol/', 'what API, worker, store and workflow say to each other'],
  ['workflows/kernel/engine/', 'how a case runs; read when the kernel itself is changed'],
  ['workflows/kernel/', 'what the author of a process reads: case file, commission, forms'],
  ['workflows/service/', 'the service record as processes ask it and change it'],
  ['workflows/*/', 'the processes, which do not know each other'],
  ['workflows/', 'the list of processes, and the reader of their words'],
  ['prisma/generated/', 'the client that Prisma generates'],
  ['prisma/store/', 'the only code that speaks to the database'],
  ['prisma/', 'schema, migrations and seed'],
  ['activities/', 'what workflows may ask of the world'],
  ['api/shapes/', 'the shapes in which the API answers, as types and as schemas'],
  ['api/http/', 'requests and answers: routes, fields, problems, OpenAPI'],
  ['api/service/', 'what every part of the API is given: Temporal, live changes, figures'],
  ['api/auth/', 'who is signed in'],
  ['api/policy/', 'the policy asked about rows: what the actor may see and do'],
  ['api/commands/', 'what people send to a case: checked, stored, sent'],
  ['api/views/', 'what people read: rows as pages, documents, histories'],
  ['api/operations/', 'what runs beside requests, and whether all is well'],
  ['api/routes/', 'one file per group of addresses'],
  ['api/', 'the application put together, its settings, its process'],
  ['worker/', 'the process that runs workflows and activities'],
  ['scripts/', 'the launcher and the commands of operators'],
]
const SAME_FLOOR = [['api/commands/', 'api/views/']]

const roots = FLOORS.map(([prefix]) => ({
  prefix,
  pattern: new RegExp(`^${prefix.replace('*', '(?!(?:kernel|service)/)[^/]+')}`),
}))
const rankOf = (folder) => {
  const pair = SAME_FLOOR.find(([, second]) => second === folder)

  return roots.findIndex(({ prefix }) => prefix === (pair ? pair[0] : folder))
}

/** The folder of FLOORS that a file belongs to, as its pattern and as its own name; null for files of no floor. */
const homeOf = (file) => {
  for (const { prefix, pattern } of roots) {
    const found = pattern.exec(file)
    if (found) return { folder: prefix, own: found[0] }
  }

  return null
}

const SOURCE = /\.(ts|tsx|mts)$/
const SKIPPED = new Set(['node_modules', 'generated', 'dist', '.cache', '.data', '.data-production', 'histories'])
const IMPORT = /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?from\s+['"](\.[^'"]+)['"]/g

function filesIn(root, folder = '') {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return []
    const at = path.posix.join(folder, entry.name)
    if (entry.isDirectory()) return filesIn(root, at)

    return SOURCE.test(entry.name) ? [at] : []
  })
}

let known = null

/** Every file of the project and the files that it imports. */
function graphOf(root) {
  if (known) return known
  const files = new Set(filesIn(root))
  known = { files, imports: new Map() }
  for (const file of files) {
    const text = readFileSync(path.join(root, file), 'utf8')
    const targets = [...text.matchAll(IMPORT)]
      .map(([, spec]) => resolved(files, file, spec))
      .filter((each) => each !== null)
    known.imports.set(file, targets)
  }

  return known
}

function resolved(files, from, spec) {
  const base = path.posix.normalize(path.posix.join(path.posix.dirname(from), spec)).replace(/\.js$/, '')
  const found = [base, `${base}.ts`, `${base}.tsx`, `${base}.mts`, `${base}/index.ts`].find((each) => files.has(each))

  // a file that is not there yet has a place all the same
  return found ?? base
}

/** The way by which imports lead from a file back to another, or null. */
function wayTo({ imports }, from, goal) {
  const cameFrom = new Map([[from, null]])
  const left = [from]
  for (let at = left.shift(); at !== undefined; at = left.shift()) {
    if (at === goal) {
      const way = []
      for (let step = at; step; step = cameFrom.get(step)) way.unshift(step)

      return way
    }
    for (const next of imports.get(at) ?? [])
      if (!cameFrom.has(next)) {
        cameFrom.set(next, at)
        left.push(next)
      }
  }

  return null
}

/** Calls `check` with every import of a file of the project, and the file that it names. */
const eachImport = (context, check) => {
  const root = context.cwd
  const file = path.relative(root, context.filename).replaceAll(path.sep, '/')
  const look = (node) => {
    const spec = node.source?.value
    if (typeof spec === 'string' && spec.startsWith('.'))
      check(node, file, resolved(graphOf(root).files, file, spec), root)
  }

  return { ImportDeclaration: look, ExportNamedDeclaration: look, ExportAllDeclaration: look }
}

const downwards = {
  meta: { type: 'problem', schema: [] },
  create: (context) =>
    eachImport(context, (node, file, target) => {
      const [from, to] = [homeOf(file), homeOf(target)]
      if (!from || !to || from.own === to.own || rankOf(to.folder) < rankOf(from.folder)) return
      context.report({
        node,
        message: `${from.own} may not import from ${to.own}: imports run downwards (scripts/lint/imports.mjs).`,
      })
    }),
}

const noCircle = {
  meta: { type: 'problem', schema: [] },
  create: (context) =>
    eachImport(context, (node, file, target, root) => {
      const way = target === file ? [file] : wayTo(graphOf(root), target, file)
      if (way) context.report({ node, message: `A circle of imports: ${[file, ...way].join(' → ')}.` })
    }),
}

export const imports = { rules: { downwards, 'no-circle': noCircle } }
