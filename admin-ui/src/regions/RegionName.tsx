import { useGetOne } from 'react-admin'
import type { Region } from '../registers/rows'
import { useWords } from '../words/useWords'

export function RegionName({ id }: { id: string }) {
  const { name } = useWords()
  const { data } = useGetOne<Region>('regions', { id })

  return <>{data ? name(data.name) : id}</>
}
