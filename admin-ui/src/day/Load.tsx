import ErrorOutline from '@mui/icons-material/ErrorOutlineOutlined'
import Typography from '@mui/material/Typography'
import type { LoadView } from '../../../api/shapes/views'
import { AppTable } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { Mark } from '../words/Mark'
import { useWords, type Words } from '../words/useWords'

type Row = LoadView['rows'][number]

const whoOf = ({ t, name }: Words, { holder, person, body }: Row): string =>
  holder === 'nobody'
    ? t('app.day.load.nobody')
    : holder === 'subject'
      ? t('app.day.load.subject')
      : name((person ?? body)?.name)

/** How open work is spread, whoever is late first. */
export function Load({ load: { by, rows, whole } }: { load: LoadView }) {
  const words = useWords()
  const { t } = words
  const title = t(`app.day.load.${by}`)

  return (
    <Section title={title}>
      <AppTable<Row>
        caption={title}
        rows={rows}
        rowKey={({ holder, person, body }) => `${holder} ${person?.id ?? body?.key ?? ''}`}
        empty={t('app.day.load.none')}
        columns={[
          { key: 'who', label: t(`app.day.load.who.${by}`), cell: (row) => whoOf(words, row) },
          {
            key: 'overdue',
            label: t('app.day.load.overdue'),
            cell: ({ overdue }) =>
              overdue > 0 ? (
                <Mark icon={<ErrorOutline aria-hidden />} tone="error.main">
                  {overdue}
                </Mark>
              ) : (
                0
              ),
          },
          { key: 'soon', label: t('app.day.load.soon'), cell: ({ soon }) => soon },
          { key: 'open', label: t('app.day.load.open'), cell: ({ open }) => open },
        ]}
      />
      {!whole && <Typography color="text.secondary">{t('app.day.load.first')}</Typography>}
    </Section>
  )
}
