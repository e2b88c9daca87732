import { useGetOne } from 'react-admin'
import { useWords } from '../words/useWords'
import type { Post } from './rows'

/** A post by the name of its position. */
export function PostName({ id }: { id: string }) {
  const { name } = useWords()
  const { data } = useGetOne<Post>('posts', { id })

  return <>{data ? name(data.position.name) : id}</>
}
