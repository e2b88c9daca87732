import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Checkbox from '@mui/material/Checkbox'
import FormControlLabel from '@mui/material/FormControlLabel'
import Link from '@mui/material/Link'
import Paper from '@mui/material/Paper'
import Typography from '@mui/material/Typography'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Link as RouterLink } from 'react-router-dom'
import type { NoticeView } from '../../../api/shapes/views'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { dataProvider } from '../providers/dataProvider'
import { failureOf } from '../providers/http'
import { onLiveUpdate } from '../providers/liveUpdates'
import { refreshNotices } from '../providers/useApi'
import { useSay } from '../providers/useSay'
import { RehearsalChip } from '../inbox/RehearsalChip'
import { useWords, type Words } from '../words/useWords'

/** What a notice says, by the words of its process and of the kernel. */
const sentenceOf = (words: Words, { process, kind, task, due, stage, end, case: { number } }: NoticeView): string =>
  words.of(process, `notices.${kind}`, {
    number,
    task: task ? words.of(process, `tasks.${task.kind}.title`) : '—',
    due: words.date(due),
    stage: stage ? words.of(process, `stages.${stage}`) : '—',
    end: end ? words.of(process, `ends.${end}`) : '—',
  })

function Line({ notice, onRead }: { notice: NoticeView; onRead: (notice: NoticeView) => void }) {
  const words = useWords()
  const { t } = words
  const { task, read } = notice
  const to = task ? `/tasks/${task.id}` : `/cases/${notice.case.id}`

  return (
    <Box
      component="li"
      sx={{ display: 'flex', gap: 2, alignItems: 'center', py: 1.25, borderBottom: 1, borderColor: 'divider' }}
    >
      <Box sx={{ flexGrow: 1, minWidth: 0 }}>
        <Link
          component={RouterLink}
          to={to}
          onClick={() => !read && onRead(notice)}
          sx={{ fontWeight: read ? 400 : 700, overflowWrap: 'anywhere' }}
        >
          {sentenceOf(words, notice)}
        </Link>{' '}
        <RehearsalChip set={notice.rehearsal} />
        <Typography variant="body2" color="text.secondary">
          {words.instant(notice.at)}
          {!read && `, ${t('app.notices.new')}`}
        </Typography>
      </Box>
      {!read && (
        <Button
          size="small"
          aria-label={`${t('app.notices.markRead')}: ${sentenceOf(words, notice)}`}
          onClick={() => onRead(notice)}
        >
          {t('app.notices.markRead')}
        </Button>
      )}
    </Box>
  )
}

/** What one is told, the newest first; each leads to its task or case. */
export default function NoticesPage() {
  const { t } = useWords()
  const client = useQueryClient()
  const say = useSay()
  const [unread, setUnread] = useState(false)
  const [rehearsed, setRehearsed] = useState(false)
  const query = useInfiniteQuery({
    queryKey: ['@notices', unread, rehearsed],
    queryFn: ({ pageParam, signal }) => dataProvider.notices({ unread, rehearsed, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? (pageInfo.end ?? null) : null),
  })
  // a list moves nothing under the hand: it is read anew where somebody is told of something new
  useEffect(() => onLiveUpdate((topics) => topics.has('notices') && void refreshNotices(client)), [client])
  const doing = async (work: Promise<unknown>) => {
    await work.catch((error: unknown) => say(failureOf(error).message, 'error'))
    await refreshNotices(client)
  }

  return (
    <>
      <PageTitle title={t('app.notices.title')} />
      <Loadable query={query}>
        {({ pages }) => {
          const shown = pages.flatMap(({ data }) => data)
          const newest = shown[0]

          return (
            <>
              <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', mb: 1 }}>
                <FormControlLabel
                  control={<Checkbox checked={unread} onChange={(_, checked) => setUnread(checked)} />}
                  label={t('app.notices.onlyUnread')}
                />
                <FormControlLabel
                  control={<Checkbox checked={rehearsed} onChange={(_, checked) => setRehearsed(checked)} />}
                  label={t('app.rehearsal.only')}
                />
                <Button
                  variant="outlined"
                  disabled={!newest || shown.every(({ read }) => read)}
                  onClick={() => newest && void doing(dataProvider.readNotices(newest.at))}
                >
                  {t('app.notices.markAll')}
                </Button>
                <Link component={RouterLink} to="/letters">
                  {t('app.letters.title')}
                </Link>
              </Box>
              {shown.length === 0 ? (
                <Paper variant="outlined" sx={{ p: 3, my: 1 }} role="status">
                  {t('app.notices.none')}
                </Paper>
              ) : (
                <Box component="ul" aria-label={t('app.notices.title')} sx={{ listStyle: 'none', p: 0, m: 0 }}>
                  {shown.map((notice) => (
                    <Line
                      key={notice.id}
                      notice={notice}
                      onRead={({ id }) => void doing(dataProvider.readNotice(id))}
                    />
                  ))}
                </Box>
              )}
              {query.hasNextPage && (
                <Button variant="outlined" sx={{ my: 2 }} onClick={() => void query.fetchNextPage()}>
                  {t('app.notices.more')}
                </Button>
              )}
            </>
          )
        }}
      </Loadable>
    </>
  )
}
