import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { Link } from 'react-router-dom'
import type { CaseDetail } from '../../../api/shapes/views'
import { useProcesses } from '../providers/useApi'
import { useWords } from '../words/useWords'
import { namingOf } from '../start/continued'

/** What is left to do about a case that has ended: a new case that continues it, or is about it, of those that the reader may start. */
export function LinkedStart({ file }: { file: CaseDetail }) {
  const words = useWords()
  const offered = (useProcesses().data ?? []).filter(
    (process) =>
      process.current && !process.appeals && process.startableIn.length > 0 && namingOf(process, file) !== null,
  )

  return (
    <>
      <Typography sx={{ mt: 1 }}>{words.t('app.cases.goesOn')}</Typography>
      {offered.length > 0 && (
        <Stack direction="row" spacing={1} useFlexGap sx={{ mt: 1, flexWrap: 'wrap' }}>
          {offered.map((process) => (
            <Button
              key={process.name}
              component={Link}
              variant="outlined"
              size="small"
              to={`/start?${new URLSearchParams({
                process: process.name,
                ...(process.startableIn.some(({ key }) => key === file.body.key) && { body: file.body.key }),
                continues: file.id,
              }).toString()}`}
            >
              {words.t('app.cases.openLinked', { process: words.of(process.name, 'name') })}
            </Button>
          ))}
        </Stack>
      )}
    </>
  )
}
