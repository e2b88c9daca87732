import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { currentLocale } from '../locale'
import { dataProvider } from '../providers/dataProvider'
import { useWords, type Words } from './useWords'

const KILOBYTE = 1024
const MEGABYTE = KILOBYTE * KILOBYTE

/** A size as people say it. */
export function fileSize({ t }: Pick<Words, 't'>, bytes: number): string {
  const isLarge = bytes >= MEGABYTE
  // Kazakh writes numbers as Russian does, and browsers know the latter
  const number = new Intl.NumberFormat(currentLocale() === 'en' ? 'en' : 'ru', { maximumFractionDigits: 1 })
  const n = number.format(isLarge ? bytes / MEGABYTE : Math.ceil(bytes / KILOBYTE))

  return t(isLarge ? 'app.file.megabytes' : 'app.file.kilobytes', { n })
}

/** Name, kind and size of a file; null: it is gone, or not this person's to read. */
export const useFile = (id: string) =>
  useQuery({
    queryKey: ['@file', id],
    queryFn: ({ signal }) => dataProvider.file(id, signal),
    enabled: id !== '',
    retry: false,
  })

/** A file of an answer, to be kept. */
export function FileLink({ id }: { id: string }) {
  const words = useWords()
  const { t } = words
  const { data, isPending } = useFile(id)
  if (isPending) return <>…</>
  if (!data) return <>{t('app.file.hidden')}</>

  return (
    <span>
      <Link href={`/api/files/${id}/content`} download={data.name} sx={{ overflowWrap: 'anywhere' }}>
        {data.name}
      </Link>{' '}
      <Typography component="span" variant="body2" color="text.secondary">
        ({data.kind.toUpperCase()}, {fileSize(words, data.size)})
      </Typography>
    </span>
  )
}
