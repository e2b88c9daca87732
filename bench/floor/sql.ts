/** The floor's tables and its statements, each prepared once per connection. */
export const SCHEMA = `
create table task (
  id text primary key, case_id text not null, name text not null, office text not null, state text not null default 'open',
  holder text, due_at timestamptz, answer jsonb, opened_at timestamptz not null default now(), done_at timestamptz);
create table audit (
  id bigserial primary key, case_id text not null, what text not null, by_whom text, told jsonb, at timestamptz not null default now());
create index task_list on task (office, due_at, id) where state = 'open' and holder is null;
create index task_newest on task (office, opened_at desc, id) where state = 'open' and holder is null;
create index task_case on task (case_id)`

const listed = (order: string, where = ''): string =>
  `select id, case_id as "caseId", name, due_at as "dueAt", opened_at as "openedAt"
  from task where office = $1 and state = 'open' and holder is null ${where} order by ${order} limit $2`

export const LIST = {
  due: { name: 'list-due', text: listed('due_at, id') },
  newest: { name: 'list-newest', text: listed('opened_at desc, id') },
} as const
/** what follows a task, the most urgent first */
export const LIST_AFTER = {
  name: 'list-after',
  text: listed('due_at, id', 'and (due_at, id) > ((select due_at from task where id = $3), $3)'),
}
export const MIDDLE = `select id from task where office = $1 and state = 'open' and holder is null order by due_at, id
  offset (select count(*) / 2 from task where office = $1 and state = 'open' and holder is null) limit 1`
export const CLAIM = {
  name: 'claim',
  text: `update task set holder = $2 where id = $1 and state = 'open' and holder is null`,
}
export const OPEN = {
  name: 'open',
  text: 'insert into task (id, case_id, name, office, due_at) values ($1, $2, $3, $4, $5) on conflict (id) do nothing',
}
export const CLOSE = {
  name: 'close',
  text: `update task set state = 'done', answer = $2, done_at = now() where id = $1 and state = 'open'`,
}
export const AUDIT = {
  name: 'audit',
  text: 'insert into audit (case_id, what, by_whom, told) values ($1, $2, $3, $4)',
}
export const FALL_DUE = {
  name: 'fall-due',
  text: `insert into audit (case_id, what) values ($1, 'fell due')`,
}
