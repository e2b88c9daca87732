/** What cases do to posts (`PostEffects`): as effects, each done once and taken back once. */
import type { EffectId } from '../../workflows/kernel/contract'
import type { EffectOutcome } from '../../workflows/kernel/protocol/activities'
import type { DoneToPosts, PostEffects } from '../../workflows/service/posts'
import { idFrom } from './canonical'
import type { Sql } from './db'
import { registerAuthor, type EffectAuthor } from './effects'
import { appoint, endPost, exchange, reinstate, takeBack, type Done, type PostRefusal } from './posts'
import type { TypedEffect } from './process-store'
import type { Author } from './register-trail'

interface Request {
  readonly document?: { readonly id: string; readonly number: string }
}

const authorOf = (author: EffectAuthor, { document }: Request): Author => ({
  ...registerAuthor(author),
  ...(document ? { document } : {}),
})

const outcomeOf = (answer: Done | PostRefusal): EffectOutcome<DoneToPosts> =>
  'refused' in answer
    ? { taken: false, reason: { code: `register.${answer.refused}` } }
    : { taken: true, value: answer }

/** A second id that follows from that of an effect: done again in a rehearsal it gives the same post. */
const secondOf = (effect: EffectId): string => idFrom(`${effect}/second`)

/** An effect on posts: whatever it did is taken back by its rows in the trail. */
const effectOf = <R extends Request>(
  take: (tx: Sql, author: Author, request: R, effect: EffectId) => Promise<Done | PostRefusal>,
) => ({
  take: async (tx: Sql, request: R, author: EffectAuthor) =>
    outcomeOf(await take(tx, authorOf(author, request), request, author.effect)),
  undo: async (
    tx: Sql,
    { request, value }: { readonly request: R; readonly value: DoneToPosts },
    author: EffectAuthor,
  ) => outcomeOf(await takeBack(tx, authorOf(author, request), value)),
})

type PostEffectStores = { readonly [N in keyof PostEffects]: TypedEffect<PostEffects[N]> }

/** For the store of each process whose types name `PostEffects` among its effects. */
export const postEffects: PostEffectStores = {
  appoint: effectOf((tx, author, request, id) => appoint(tx, author, { ...request, id })),
  endPost: effectOf((tx, author, { on, ground, ...which }) => endPost(tx, author, which, on, ground)),
  reinstate: effectOf((tx, author, { post }) => reinstate(tx, author, post)),
  exchangePosts: effectOf((tx, author, { posts, on }, id) => exchange(tx, author, posts, on, [id, secondOf(id)])),
}
