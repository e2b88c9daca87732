import { useGetList } from 'react-admin'
import { AppTable } from '../layout/AppTable'
import { Loadable } from '../layout/Loadable'
import { Section } from '../layout/Section'
import type { Post } from '../registers/rows'
import { useWords } from '../words/useWords'

const GROUNDS = [
  'transfer',
  'ownWish',
  'evaluation',
  'probation',
  'attestation',
  'negativeGrounds',
  'staffReduction',
] as const

/** The service record of a person, or those who have held a position. */
export function PostTable({ target, id }: { target: 'person' | 'position'; id: string }) {
  const { t, name, date } = useWords()
  const query = useGetList<Post>('posts', {
    filter: { [target]: id },
    sort: { field: 'from', order: 'DESC' },
    pagination: { page: 1, perPage: 100 },
  })
  const ground = (code: string | null | undefined) => {
    const known = GROUNDS.find((each) => each === code)

    return known ? t(`app.endGrounds.${known}`) : (code ?? '—')
  }

  return (
    <Section title={t('app.registers.serviceRecord')}>
      <Loadable query={query}>
        {(rows) => (
          <AppTable<Post>
            caption={t('app.registers.posts')}
            rows={rows}
            rowKey={(row) => row.id}
            empty={t('app.registers.none')}
            rowHref={(row) => (target === 'person' ? `/positions/${row.position.id}` : `/people/${row.person.id}`)}
            columns={[
              target === 'person'
                ? { key: 'position', label: t('app.fields.position'), cell: (row) => name(row.position.name) }
                : { key: 'person', label: t('app.fields.person'), cell: (row) => name(row.person.name) },
              { key: 'body', label: t('app.fields.body'), cell: (row) => name(row.body.name) },
              { key: 'from', label: t('app.fields.from'), cell: (row) => date(row.from) },
              { key: 'to', label: t('app.fields.to'), cell: (row) => date(row.to) },
              { key: 'kind', label: t('app.fields.kind'), cell: (row) => t(`app.postKinds.${row.kind}`) },
              { key: 'ground', label: t('app.fields.endGround'), cell: (row) => ground(row.endGround) },
            ]}
          />
        )}
      </Loadable>
    </Section>
  )
}
