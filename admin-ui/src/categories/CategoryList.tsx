import { SelectFilter } from '../layout/Filters'
import { RegisterList } from '../registers/RegisterList'
import type { Category } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords, type Words } from '../words/useWords'

const CORPS = ['political', 'A', 'B'] as const
const ANSWERS = ['yes', 'no', 'unknown'] as const

export const corpsName = (words: Words, corps: string) => {
  const known = CORPS.find((each) => each === corps)

  return known ? words.t(`app.corps.${known}`) : corps
}
export const answerName = (words: Words, answer: string) => {
  const known = ANSWERS.find((each) => each === answer)

  return known ? words.t(`app.answers.${known}`) : answer
}

export default function CategoryList() {
  const words = useWords()
  const { t } = words

  return (
    <RegisterList<Category>
      resource="categories"
      sort={{ field: 'id', order: 'ASC' }}
      filters={
        <SelectFilter
          name="corps"
          label={t('app.fields.corps')}
          options={CORPS.map((value) => ({ value, label: corpsName(words, value) }))}
        />
      }
      columns={[
        { key: 'id', label: t('app.fields.category'), sort: 'id', cell: (row) => words.category(row.id) },
        { key: 'corps', label: t('app.fields.corps'), cell: (row) => corpsName(words, row.corps) },
        { key: 'managerial', label: t('app.fields.managerial'), cell: (row) => answerName(words, row.managerial) },
        {
          key: 'source',
          label: t('app.fields.source'),
          cell: (row) => <Source confidence={row.confidence} source={row.source} />,
        },
      ]}
    />
  )
}
