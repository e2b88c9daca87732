/** Reads what cases did to posts, what they annulled and where they were handed over, for the checks. */
import type { TaskDetail } from '../../../api/shapes/views'
import type { Db } from '../../../prisma/store/db'
import type { AnnulmentRows } from './annulment-checks'
import { Refused, type Caller } from './decisions'
import type { HandoverRows } from './handover-checks'
import type { People } from './people'
import type { PostRows } from './post-checks'

const ON_POSTS = ['appoint', 'endPost', 'reinstate', 'exchangePosts']

/** Everything that is stored of posts and of what cases did to them. */
export async function postRows({ sql }: Db): Promise<PostRows> {
  const [effects, trail, posts, roles, cases] = await Promise.all([
    sql.rows<PostRows['effects'][number]>`
      select id, "caseId", name, state, rehearsal, outcome = 'null'::jsonb as unanswered,
        coalesce(outcome -> 'value' -> 'changes', '[]') as changes, coalesce(outcome -> 'value' -> 'posts', '[]') as posts
      from effects where name = any(${ON_POSTS}) order by seq`,
    sql.rows<PostRows['trail'][number]>`
      select seq::float8 as seq, register, "rowId", "caseId", "effectId", undoes::float8 as undoes, before, after
      from register_changes where register in ('posts', 'roles') order by seq`,
    sql.rows<{ row: PostRows['posts'][number] }>`select to_jsonb(t) as row from posts t`,
    sql.rows<{ row: PostRows['roles'][number] }>`select to_jsonb(t) as row from body_roles t`,
    sql.rows<PostRows['cases'][number]>`
      select c.id, c.outcome, c.rehearsal, coalesce(c.facts -> 'did', '[]') as did,
        (select count(*)::int from tasks t where t."caseId" = c.id and t.kind = 'mendUndo') as mendings
      from cases c where exists (select 1 from effects e where e."caseId" = c.id and e.name = any(${ON_POSTS}))`,
  ])

  return { effects, trail, posts: posts.map(({ row }) => row), roles: roles.map(({ row }) => row), cases }
}

/** Everything that is stored of annulments, and of what was taken back with them. */
export async function annulmentRows({ sql }: Db): Promise<AnnulmentRows> {
  const [effects, annulments, takenBack, states, cases] = await Promise.all([
    sql.rows<AnnulmentRows['effects'][number]>`
      select id, "caseId", request ->> 'case' as of, state, outcome = 'null'::jsonb as unanswered,
        case when state = 'refused' then outcome -> 'reason' ->> 'code' end as reason
      from effects where name = 'annul' order by seq`,
    sql.rows<AnnulmentRows['annulments'][number]>`select "caseId", "byId", "effectId" from annulments`,
    sql.rows<AnnulmentRows['takenBack'][number]>`
      select "caseId", request ->> 'effect' as of, state, coalesce((outcome -> 'value' ->> 'stood')::boolean, false) as stood
      from effects where name = 'takeBack' order by seq`,
    sql.rows<{ id: string; caseId: string; state: string; undoneBy: string | null }>`
      select id, "caseId", state, "undoneById" as "undoneBy" from effects`,
    sql.rows<AnnulmentRows['cases'][number]>`
      select c.id, c.status, c.outcome, c.basis ->> 'code' as reason,
        (select count(*)::int from tasks t where t."caseId" = c.id and t.kind = 'mendUndo') as mendings,
        (select count(*)::int from events e
          where e."caseId" = c.id and e.kind = 'effectTaken' and e.params ->> 'effect' = 'annul') as told
      from cases c where exists (select 1 from effects e where e."caseId" = c.id and e.name = 'annul')`,
  ])

  return { effects, annulments, takenBack, states: new Map(states.map((each) => [each.id, each])), cases }
}

/** Roles of the body of a case; those of the Agency are held elsewhere. */
const OF_THE_BODY = ['hr', 'head']

/** Everything that is stored of handovers, and what the product lets people do afterwards. */
export async function handoverRows({ sql }: Db, people: People): Promise<HandoverRows> {
  const [cases, handed, commands, tasks, answers] = await Promise.all([
    sql.rows<HandoverRows['cases'][number]>`
      select id, "bodyKey" as body, jsonb_path_query_array("formerBodies", '$[*].body') as former from cases`,
    sql.rows<HandoverRows['handed'][number]>`
      select "caseId", params ->> 'from' as from, params ->> 'body' as to from events where kind = 'handedOver'
      order by "caseId", seq`,
    sql.rows<HandoverRows['commands'][number]>`
      select id, "caseId", payload -> 'form' ->> 'body' as to, state, extract(epoch from "receivedAt")::float8 as "receivedAt"
      from commands where act = 'handOver' order by seq`,
    sql.rows<HandoverRows['tasks'][number] & { role: string; state: string }>`
      select id, "caseId", "bodyKey" as body, role, state from tasks
      where role = any(${OF_THE_BODY}) and state in ('ready', 'reserved', 'inProgress', 'suspended')
        and "standIn" is null and "escalatedTo" is null`,
    sql.rows<HandoverRows['answers'][number]>`
      select c."caseId", t.id as "taskId", extract(epoch from c."receivedAt")::float8 as "receivedAt",
        array(select r."bodyKey" from body_roles r where r."personId"::text = c.principal and r.role = t.role) as bodies
      from commands c join tasks t on t.id = c."taskId"
      where c.kind in ('complete', 'return') and c.state = 'done' and t.role = any(${OF_THE_BODY})
        and t."standIn" is null and t."escalatedTo" is null`,
  ])
  const former = new Map(
    cases.map(({ id, body, former: all }) => [id, [...new Set(all)].filter((key) => key !== body)]),
  )
  const rights = await Promise.all(
    tasks
      .filter(({ state, caseId }) => state === 'ready' && (former.get(caseId)?.length ?? 0) > 0)
      .flatMap(({ id: taskId, caseId, role, body }) =>
        [body, ...(former.get(caseId) ?? [])].map(async (where) => {
          return { caseId, taskId, body: where, may: await mayClaim(await people.holding(role, where), taskId) }
        }),
      ),
  )

  return { cases, handed, commands, tasks, answers, rights }
}

async function mayClaim(who: Caller, task: string): Promise<boolean> {
  try {
    return (await who.get<TaskDetail>(`/api/tasks/${task}`)).verbs.includes('claim')
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}
