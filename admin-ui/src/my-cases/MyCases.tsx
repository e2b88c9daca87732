import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Paper from '@mui/material/Paper'
import Typography from '@mui/material/Typography'
import { Navigate, Link as RouterLink } from 'react-router-dom'
import type { CaseView } from '../../../api/shapes/views'
import { stageOrEnd } from '../cases/CaseList'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { RehearsalChip } from '../inbox/RehearsalChip'
import { useWords } from '../words/useWords'
import { useMyCases } from './useMyCases'

function Row({ file }: { file: CaseView }) {
  const words = useWords()
  const { t } = words

  return (
    <Paper component="li" variant="outlined" sx={{ p: 2, mb: 1.5 }}>
      <Link component={RouterLink} to={`/my-cases/${file.id}`} sx={{ fontWeight: 600, fontSize: '1.05rem' }}>
        {words.of(file.process, 'name')}
      </Link>{' '}
      <RehearsalChip set={file.rehearsal} />
      <Typography>{t('app.myCases.stage', { stage: stageOrEnd(words, file) })}</Typography>
      <Typography variant="body2" color="text.secondary">
        {t('app.myCases.started', { date: words.date(file.startedOn), body: words.name(file.body.name) })}
      </Typography>
    </Paper>
  )
}

/** The cases that are about whoever is signed in; of a single one its page. */
export default function MyCases() {
  const { t } = useWords()

  return (
    <Loadable query={useMyCases()} page>
      {(files) => {
        const [only, ...others] = files
        if (only && others.length === 0) return <Navigate to={`/my-cases/${only.id}`} replace />

        return (
          <>
            <PageTitle title={t('app.myCases.title')} />
            {only ? (
              <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, maxWidth: '46rem' }}>
                {files.map((file) => (
                  <Row key={file.id} file={file} />
                ))}
              </Box>
            ) : (
              <Typography sx={{ maxWidth: '46rem' }}>{t('app.myCases.none')}</Typography>
            )}
          </>
        )
      }}
    </Loadable>
  )
}
