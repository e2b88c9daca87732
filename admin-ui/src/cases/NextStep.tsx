import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail } from '../../../api/shapes/views'
import { Source } from '../words/Confidence'
import { HowReached } from '../words/DueDate'
import { useWords } from '../words/useWords'
import { LinkedStart } from './LinkedStart'
import { leftSentence, nextSentence } from './next'

/** The first sentence of a case: what it waits for by when, or how it ended and why. */
export function NextStep({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words
  const { next } = file
  const task = next.code === 'task' ? file.openTasks.find(({ id }) => id === next.id) : undefined
  const sentence = nextSentence(words, file.process, next)

  return (
    <Box sx={{ borderLeft: 4, borderColor: 'primary.main', pl: 2, my: 1.5 }}>
      <Typography sx={{ fontSize: '1.15rem', fontWeight: 600, lineHeight: 1.4 }}>
        {task ? (
          <Link component={RouterLink} to={`/tasks/${task.id}`} color="inherit">
            {sentence}
          </Link>
        ) : (
          sentence
        )}
      </Typography>
      {task?.left && <Typography>{leftSentence(words, task.left)}</Typography>}
      {next.code === 'task' && next.others > 0 && (
        <Typography color="text.secondary">{t('app.next.others', { smart_count: next.others })}</Typography>
      )}
      {task?.due && <HowReached process={task.process} steps={task.due.steps} />}
      {next.code === 'day' && <HowReached process={file.process} steps={next.steps} />}
      {file.status === 'closed' && (
        <>
          {file.basis && <Typography>{words.reason(file.process, file.basis)}</Typography>}
          {file.basis?.confidence && <Source confidence={file.basis.confidence} source={file.basis.source ?? ''} />}
          <LinkedStart file={file} />
        </>
      )}
    </Box>
  )
}
