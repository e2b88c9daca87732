/** Mutants of who sees what of cases and of registers: one condition left out of the function or of its SQL, or one use of it that lets everybody through. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

export type Group = 'function' | 'sql' | 'registers' | 'uses'
export interface Mutant {
  readonly group: Group
  readonly name: string
  readonly file: string
  readonly source: string
}

const ROOT = path.resolve(__dirname, '..', '..')
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8')

const FUNCTION = 'workflows/kernel/law/sight.ts'
const SQL = 'prisma/store/sight.ts'
/** Who sees what of the registers: whose places count, their conditions on rows, and the lists that ask them. */
const PLACES = 'workflows/kernel/register-sight.ts'
const REGISTER_SQL = 'prisma/store/register-sight.ts'
const LISTS = 'prisma/store/listing.ts'
/** Whom a case is kept from, and what is seen of a task. */
const KEPT = 'workflows/kernel/law/kept.ts'
const KEPT_SQL = 'prisma/store/kept.ts'
const TASKS = 'api/policy/tasks.ts'

/** What is left out, and what stands there instead: the first must stand in the file exactly once. */
type Condition = readonly [name: string, from: string, to: string]
const CONDITIONS: readonly (readonly [Group, file: string, readonly Condition[]])[] = [
  [
    'function',
    FUNCTION,
    [
      ['the own case is seen by an office', 'file.subject === actor.person', 'false'],
      [
        'an office of any body',
        'return holdsRole(grants, role, body)',
        'return grants.some((grant) => grant.role === role)',
      ],
      ['operators only in the body of the case', 'EVERYWHERE.includes(role)', 'false'],
      ['the central Agency only where it is competent', ' || holdsRole(grants, role, AGENCY)', ''],
      ['the department only by the central Agency', 'holdsRole(grants, role, agency) || ', ''],
      ['parts see nothing', ' ...parts,', ''],
      ['parts of whoever is excluded', "mine.kept === 'excluded' ? ", 'false ? '],
      ['the subject who is excluded', "mine.parts.filter((part) => part === 'subject')", '[]'],
      ['whoever holds no task is holder', '(mine.holds ? [', '(true ? ['],
      ['links see nothing', 'mine.linked.map((part) => `linked:${part}`)', '[]'],
      ['offices of whom it is kept from', ' || mine.kept !== null', ''],
      [
        'links of whom it is kept from',
        '  const rows = [...fromOutside,',
        '  const rows = [...fromOutside, ...(mine.kept === null ? [] : mine.linked.map((part) => `linked:${part}`)),',
      ],
      [
        'the own case is seen by a link',
        '  const rows = [...fromOutside,',
        '  const rows = [...fromOutside, ...(file.subject === actor.person && mine.kept === null ? mine.linked.map((part) => `linked:${part}`) : []),',
      ],
      ['before its stage', '(from === undefined || reached.includes(from))', 'true'],
      ['after its stage', '(until === undefined || !reached.includes(until))', 'true'],
      ['the table of any version', ' && version === file.version', ''],
      ['the table of any process', 'process === file.process && ', ''],
      ['nothing seen is found', 'if (pieces.size === 0) return { finds: false, rows, sees: NOTHING }', ''],
      [
        'one answer is all answers',
        'pieces.has(piece) || pieces.has(whole(piece))',
        'pieces.has(piece) || [...pieces].some((has) => whole(has) === whole(piece))',
      ],
      ['all answers are not each', ' || pieces.has(whole(piece))', ''],
      ['each piece tells of the case', "piece === 'exists' || ", ''],
    ],
  ],
  [
    'sql',
    SQL,
    [
      [
        'the own case is seen by an office',
        '      everywhere ? TRUE : Prisma.sql`${column} = any(${bodies}::text[])`,\n      ofAnother(viewer),',
        '      everywhere ? TRUE : Prisma.sql`${column} = any(${bodies}::text[])`,',
      ],
      [
        'offices of whom it is kept from',
        '      ofAnother(viewer),\n      notKept(viewer),\n',
        '      ofAnother(viewer),\n',
      ],
      [
        'links of whom it is kept from',
        '        ofAnother(viewer),\n        notKept(viewer),\n',
        '        ofAnother(viewer),\n',
      ],
      [
        'the own case is seen by a link',
        '        ofAnother(viewer),\n        notKept(viewer),\n',
        '        notKept(viewer),\n',
      ],
      ['tasks of a role that it keeps from him', "else ${mayByOffice('t', me(viewer))} end", 'else true end'],
      ['parts of whoever is excluded', "Prisma.sql`not ${isExcluded('c', me(viewer))}`, ", ''],
      [
        'links by parts in a case from which he is excluded',
        '\n  and not exists (select from cases c where c.id = p."caseId" and ${isExcluded(\'c\', me(viewer))})',
        '',
      ],
      ['an office of any body', 'everywhere ? TRUE :', 'everywhere || true ? TRUE :'],
      ['operators only in the body of the case', 'EVERYWHERE.includes(role) || (role', '(role'],
      [
        'the central Agency only where it is competent',
        "EVERYWHERE.includes(role) || (role === 'agency' && bodies.includes(AGENCY))",
        'EVERYWHERE.includes(role)',
      ],
      ['the Agency by the body of the case', `role === 'agency' ? 'c."agencyKey"' : 'c."bodyKey"'`, `'c."bodyKey"'`],
      ['before its stage', 'each.from === undefined ? TRUE', 'true ? TRUE'],
      ['after its stage', 'each.until === undefined ? TRUE', 'true ? TRUE'],
      ['any piece is the one asked for', "of === 'exists' || piece === of", 'true'],
      ['the table of any version', '(c.process = ${process} and c.version = ${version})', '(c.process = ${process})'],
      ['cases of no served version by any table', 'allOf([otherwise, unserved])', 'otherwise'],
      ['parts that have ended', `and p."to" is null and p.part = any(`, 'and p.part = any('],
      ['any part', ' and p.part = any(${[...parts]}::text[])', ''],
      ['the subject by any case', 'Prisma.sql`c."subjectId" = ${me(viewer)}`', 'TRUE'],
      [
        'links by parts that have ended',
        `p."personId" = \${me(viewer)} and p."to" is null\n  and`,
        'p."personId" = ${me(viewer)}\n  and',
      ],
      ['links by parts of anybody', 'where ${isTakingPart(viewer)}\n', 'where true\n'],
      ['links of the row by parts of anybody', ` and \${isTakingPart(viewer)})\n      or`, ')\n      or'],
      [
        'links of any kind',
        `on l.\${Prisma.raw(\`"\${others}"\`)} = his."caseId" and l.kind = \${kind}`,
        `on l.\${Prisma.raw(\`"\${others}"\`)} = his."caseId"`,
      ],
      ['tasks that are closed', ' and t.state in ${OPEN_TASK}', ''],
      ['tasks from which he is excluded', 'not (${viewer.actor.person}::text = any(t.excluded))\n    and ', ''],
      [
        'tasks of a post that has ended',
        'when t.role is null then ${inPost} else',
        'when t.role is null then true else',
      ],
      ['tasks of a role that has ended', ' and (t.role is null or ${ofOffice})', ''],
      ['tasks that others hold', `t.state = 'ready' and \${each}`, '${each}'],
      ['of the row, tasks that others hold', `or (t.state = 'ready' and `, 'or ('],
      [
        'of the row, tasks to take up from which something keeps him',
        "(t.state = 'ready' and ${mayHold(viewer)} and ${isOfOffice(viewer)})",
        "(t.state = 'ready' and ${isOfOffice(viewer)})",
      ],
      [
        'of the row, tasks to take up of any office',
        "(t.state = 'ready' and ${mayHold(viewer)} and ${isOfOffice(viewer)})",
        "(t.state = 'ready' and ${mayHold(viewer)})",
      ],
      ['of the row, tasks in hand', '${inHandSql(viewer, isOfOffice(viewer))}\n  or (t.state', 'false\n  or (t.state'],
      [
        'parts of the row that have ended',
        `p."personId" = \${me(viewer)} and p."to" is null order by`,
        'p."personId" = ${me(viewer)} order by',
      ],
    ],
  ],
  [
    'registers',
    PLACES,
    [
      ['an office by any role', "bodiesOf('hr', 'head')", 'grants.map(({ body }) => body)'],
      ['a department sees everywhere', 'agencies.includes(AGENCY)', 'agencies.length > 0'],
      ['everybody keeps the registers', "bodiesOf('administrator').length > 0", 'true'],
      ['less suffices', 'SHOWN.indexOf(shown) >= SHOWN.indexOf(needed)', 'true'],
      ['a colleague where he serves', ', ...posts])]', '])]'],
      ['a menu of registers of which he has no list', "looksFor(register, 'public').some((as) => looks[as])", 'true'],
    ],
  ],
  [
    'registers',
    REGISTER_SQL,
    [
      ['a colleague of any body', 'colleague: of(colleague)', 'colleague: TRUE'],
      ['whoever is no staff chooses', "viewer.kind === 'staff' ? chooses : []", 'chooses'],
      [
        'people in office anywhere, whom he may not choose',
        "chosen.includes('anywhere') && whose.inOffice",
        'whose.inOffice',
      ],
      ['an office of any body', "office === 'everywhere'", 'true'],
      [
        'bodies of another department',
        `= any(\${list(departments)})\n`,
        '= any(array(select key from state_bodies))\n',
      ],
      ['central bodies by a department', "kind not in ('central', 'agency') and ", ''],
      ['the department itself by its region', '\n    and key <> all(${list(departments)})', ''],
      ['rows about anybody as about himself', 'self: whose.of(viewer.actor.person)', 'self: TRUE'],
      ['everybody keeps the registers', 'keeper: keeps ? TRUE : FALSE', 'keeper: TRUE'],
      ['whom he may not see is named in a form', "registerSight(by, known).sees('public')", 'TRUE'],
      ['a part in any case', ' where p."caseId" = ${by.file}::uuid', ''],
      ['all of what is public', "when ${sees('public')} then 'public'", "when ${sees('public')} then 'all'"],
      ['all of what is a name', "else 'name' end", "else 'all' end"],
    ],
  ],
  [
    'registers',
    LISTS,
    [
      ['rows that he is not shown', 'sees(needed(query)),', 'sees(needed(query)) && Prisma.sql`true`,'],
      ['filters by columns that he is not shown', "filterOf(name).needs ?? 'name'", "'name' as Shown"],
      ['orders by columns that he is not shown', "needsOf(sortOf(sort)) ?? 'name'", "'name'"],
      ['lists of names', "ids ? 'name' : 'public'", "'name'"],
      ['a row that he is not shown', " and ${sees('name')}`", '`'],
      [
        'every column of every row',
        'registerSight(reader, spec.whose ?? null)',
        'registerSight(KEEPER, spec.whose ?? null)',
      ],
    ],
  ],
  // what a change has to do with whoever listens: the test of the SQL holds it against that
  [
    'sql',
    FUNCTION,
    [
      ['tasks from which he is excluded', 'if (excluded.includes(person)) return false\n', ''],
      ['tasks of a post that has ended', 'return body === null || (posts?.includes(body) ?? true)', 'return true'],
      ['tasks of an office in his own case', 'of.subject !== person && ', ''],
      ['tasks of a role that it keeps from him', 'whyKept(person, of) === null && body !== null', 'body !== null'],
      ['tasks of a role that has ended', 'body !== null && holdsRole(grants, role, body)', 'body !== null'],
      [
        'tasks that others hold',
        '(task.assignee === person || (task.ready && task.role !== null)) && mayHold(task, file)',
        'mayHold(task, file)',
      ],
      ['tasks of others to take up', '(task.ready && task.role !== null)', 'task.ready'],
      ['parts of anybody', 'each.person === person ? [each.part] : []', '[each.part]'],
      ['links by tasks that others hold', 'task.assignee === person && mayHold(task, task)', 'mayHold(task, task)'],
      [
        'links by tasks that he may not hold',
        'task.assignee === person && mayHold(task, task)',
        'task.assignee === person',
      ],
      ['cases that are kept from him', 'const kept = whyKept(person, file)', 'const kept = null'],
    ],
  ],
  [
    'function',
    KEPT,
    [
      ['whoever is excluded', "keptFrom.includes(person) ? 'excluded' : ", ''],
      ['whoever is not named', "restrictedTo !== null && !restrictedTo.includes(person) ? 'notNamed' : null", 'null'],
      [
        'excluded, but named',
        'keptFrom.includes(person) ?',
        'keptFrom.includes(person) && !restrictedTo?.includes(person) ?',
      ],
    ],
  ],
  [
    'sql',
    KEPT_SQL,
    [
      [
        'whoever is not named, by an office',
        'Prisma.sql`(not ${isExcluded(alias, he)} and ${isNamedIn(alias, he)})`',
        'Prisma.sql`(not ${isExcluded(alias, he)})`',
      ],
      [
        'whoever is excluded, by an office',
        'Prisma.sql`(not ${isExcluded(alias, he)} and ${isNamedIn(alias, he)})`',
        'isNamedIn(alias, he)',
      ],
      ['a case that is not restricted names nobody', ', true)`', ', false)`'],
      [
        'tasks of an office in his own case',
        "when ${column(alias, 'ownCaseOf')} = ${person} then false",
        'when false then false',
      ],
      ['tasks of an office of a case that does not name him', 'else ${isNamedIn(alias, person)} end', 'else true end'],
      ['why: excluded', "when ${isExcluded(alias, he)} then 'excluded' ", ''],
      ['why: not named', "when not ${isNamedIn(alias, he)} then 'notNamed' ", "when false then 'notNamed' "],
    ],
  ],
  [
    'uses',
    TASKS,
    [
      ['tasks that others hold', '!isClosed(row.state) && isFree && ', '!isClosed(row.state) && '],
      ['tasks that are closed', '!isClosed(row.state) && isFree && ', 'isFree && '],
      ['tasks that he may not hold', 'isFree && mayHold(viewer.actor, policyTask(row)).may', 'isFree'],
      ['what others wrote', 'row.answerer?.id === person && ', ''],
      ['what he wrote, once he is excluded', "kept !== 'excluded' && ", ''],
      ['what he wrote by an office that counts no more', ' && (row.role === null || kept === null)', ''],
      [
        'tasks of cases whose course he does not see',
        "holds || answered || sightOf(deciding(viewer), row.seen).sees('course')",
        'true',
      ],
      ['a head hands out tasks in his own case', 'task.subject !== actor.person &&', ''],
    ],
  ],
]

const conditions = (): Mutant[] =>
  CONDITIONS.flatMap(([group, file, all]) => {
    const source = read(file)

    return all.map(([name, from, to]) => {
      const [, rest, ...more] = source.split(from)
      if (rest === undefined || more.length > 0) throw new Error(`${file}: «${name}» stands not once: ${from}`)

      return { group, name, file, source: source.replace(from, () => to) }
    })
  })

/** Files that say who sees what: what they call is no use of it. */
const SAYING: ReadonlySet<string> = new Set(CONDITIONS.flatMap(([group, file]) => (group === 'uses' ? [] : [file])))

/** What each use becomes when it lets everybody through. */
const LET_THROUGH: Readonly<Record<string, (args: readonly string[]) => string>> = {
  sightOf: () => '({ finds: true, rows: [], sees: () => true })',
  seesCase: () => '({ finds: true, rows: [], sees: () => true })',
  seesTask: () => '({ finds: true, holds: true, answered: true })',
  seesSql: () => 'Prisma.sql`true`',
  mayByOffice: () => 'Prisma.sql`true`',
  mineOf: () => '({ parts: [], holds: true, linked: [], kept: null })',
  whyKept: () => 'null',
  isHis: () => 'true',
  isTold: () => 'true',
  isShownByTask: () => 'true',
  pieceOf: () => "'exists'",
  paramsOf: ([row = '']) => `(${row}).params`,
  outline: ([value = '']) => `(${value})`,
  isFailure: () => 'false',
  naming: () => '((person) => person)',
  namedIn: () => '((person) => person)',
  hidingIds: () => 'Promise.resolve((values) => ({ ...values }))',
  stepsSeen: ([, steps = '']) => `(${steps})`,
  caseRef: ([, other = '']) => `((found) => found && { id: found.id, number: found.number })(${other})`,
}
const CALL = new RegExp(`(?<![\\w.]|function )(${Object.keys(LET_THROUGH).join('|')})\\(`, 'g')

/** The arguments of a call whose parenthesis opens at a place, and where it ends. */
function argumentsAt(source: string, open: number): { args: string[]; end: number } {
  const args = ['']
  let depth = 0
  for (let at = open; at < source.length; at += 1) {
    const char = source[at] ?? ''
    if ('([{'.includes(char)) depth += 1
    if (')]}'.includes(char)) depth -= 1
    if (depth === 0) return { args: args.map((each) => each.trim()), end: at + 1 }
    if (depth === 1 && char === ',') args.push('')
    else if (at > open) args[args.length - 1] += char
  }
  throw new Error('a parenthesis is not closed')
}

const sources = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`)
    .sort()

/** Each use in the API and the store, one mutant for each. */
const uses = (): Mutant[] =>
  [...sources('api'), ...sources('prisma/store')]
    .filter((file) => !SAYING.has(file))
    .flatMap((file) => {
      const source = read(file)

      const met = new Map<string, number>()

      return [...source.matchAll(CALL)].flatMap(({ 0: call, 1: name = '', index }) => {
        const { args, end } = argumentsAt(source, index + call.length - 1)
        // what a form names is called so too
        if (name === 'namedIn' && args[0] !== 'viewer') return []
        const nth = (met.get(name) ?? 0) + 1
        met.set(name, nth)
        const through = source.slice(0, index) + (LET_THROUGH[name]?.(args) ?? '') + source.slice(end)

        return [{ group: 'uses' as const, file, name: `${name} ${String(nth)}`, source: through }]
      })
    })

export const mutants = (): Mutant[] => [...conditions(), ...uses()]

/** What a mutant is called in the results. */
export const keyOf = ({ group, file, name }: Mutant): string => `${group} ${file}: ${name}`
