import { RegisterPage } from '../registers/RegisterPage'
import type { Category } from '../registers/rows'
import { Source } from '../words/Confidence'
import { useWords } from '../words/useWords'
import { answerName, corpsName } from './CategoryList'

export default function CategoryShow() {
  const words = useWords()
  const { t } = words

  return (
    <RegisterPage<Category>
      resource="categories"
      title={(row) => words.category(row.id)}
      facts={(row) => [
        [t('app.fields.corps'), corpsName(words, row.corps)],
        [t('app.fields.managerial'), answerName(words, row.managerial)],
        [t('app.fields.bodyKind'), words.source(row.bodyKind)],
        [t('app.fields.source'), <Source key="source" confidence={row.confidence} source={row.source} />],
      ]}
    />
  )
}
