import { skipToken, useQuery } from '@tanstack/react-query'
import type { CaseView } from '../../../api/shapes/views'
import { dataProvider } from '../providers/dataProvider'
import { useMe } from '../providers/useApi'

const MOST = 50

/** The cases about whoever is signed in, open ones first; in the demonstration those that are rehearsed too. */
export const useMyCases = () => {
  const me = useMe()

  return useQuery({
    queryKey: ['cases', 'mine', me?.person.id],
    queryFn: me
      ? async ({ signal }) => {
          const of = async (filter: { rehearsal?: string }) =>
            (
              await dataProvider.getList<CaseView>('cases', {
                pagination: { page: 1, perPage: MOST },
                sort: { field: 'startedOn', order: 'DESC' },
                filter: { subject: me.person.id, ...filter },
                signal,
              })
            ).data
          const found = [...(await of({})), ...(me.demo ? await of({ rehearsal: '*' }) : [])]

          return [
            ...found.filter(({ status }) => status !== 'closed'),
            ...found.filter(({ status }) => status === 'closed'),
          ]
        }
      : skipToken,
  })
}
