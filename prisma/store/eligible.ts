/** Who of the register may do a task on a day: `mayHold` of the kernel's policy (`law/policy.ts`), asked of everybody at once, as SQL. */
import type { IsoDate } from '../../workflows/kernel/contract'
import { Prisma } from './db'
import { inForceSql } from './listing'

/** States in which a task is open, in the words of the partial indexes. */
export const OPEN_TASK = Prisma.sql`('ready', 'reserved', 'inProgress', 'suspended', 'completing')`

/** Of a row `t` of `tasks` that is addressed to a role: somebody holds the role in that body on the day, and is not excluded. */
export const roleIsHeld = (on: IsoDate): Prisma.Sql => Prisma.sql`exists (
  select 1 from body_roles held where held.role = t.role and held."bodyKey" = t."bodyKey" and ${inForceSql('held', on)}
    and not held."personId"::text = any(t.excluded))`

/** Of a row `t` that is addressed to a person: he is not excluded and, if named by virtue of a post, has one in that body on the day. */
export const personMay = (on: IsoDate): Prisma.Sql => Prisma.sql`(not t."personId"::text = any(t.excluded)
  and (t."bodyKey" is null or exists (
    select 1 from posts post join positions o on o.id = post."positionId"
    where post."personId" = t."personId" and o."bodyKey" = t."bodyKey" and ${inForceSql('post', on)})))`
