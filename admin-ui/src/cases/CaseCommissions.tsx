import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import type { CaseDetail, CommissionView } from '../../../api/shapes/views'
import { Facts } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { useWords } from '../words/useWords'

type Seat = CommissionView['seats'][number]

/** Where a commission stands, who sits in it and who has answered; how each voted, once the server tells it. */
export function Seats({
  process,
  commission,
  stacked = false,
}: {
  process: string
  commission: CommissionView
  stacked?: boolean
}) {
  const words = useWords()
  const { t, name, date } = words
  const seatText = (seat: Seat, { countedBy }: CommissionView): string =>
    [
      t(`app.commission.seats.${seat.state}`),
      seat.on && date(seat.on),
      seat.as === 'member' ? null : t(`app.commission.as.${seat.as}`),
      seat.mark && words.option(process, countedBy, seat.mark),
      seat.void && t(`app.commission.void.${seat.void}`),
    ]
      .filter((part) => part !== null && part !== '')
      .join(', ')

  return (
    <>
      <Typography sx={{ mb: 1 }}>
        {commission.choice === null
          ? t(`app.commission.states.${commission.state}`, { quorum: commission.quorum })
          : t('app.commission.decidedFor', { choice: words.option(process, commission.countedBy, commission.choice) })}
      </Typography>
      <Facts
        stacked={stacked}
        facts={commission.seats.map(
          (seat) =>
            [
              `${name(seat.member.name)}${seat.chair ? ` (${t('app.commission.chair')})` : ''}`,
              seatText(seat, commission),
            ] as const,
        )}
      />
    </>
  )
}

/** The commissions of a case, each with the way to the page of its sitting. */
export function CaseCommissions({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t } = words

  return file.commissions.map((commission) => (
    <Section
      key={commission.id}
      title={t('app.commission.title', { task: words.of(file.process, `tasks.${commission.kind}.title`) })}
    >
      <Seats process={file.process} commission={commission} />
      <Typography sx={{ mt: 1.5 }}>
        <Link component={RouterLink} to={`/cases/${file.id}/commissions/${commission.id}`}>
          {t('app.commission.open')}
        </Link>
      </Typography>
    </Section>
  ))
}
