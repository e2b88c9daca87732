import Typography from '@mui/material/Typography'
import type { CaseDetail, CommissionView } from '../../../api/shapes/views'
import { Facts } from '../layout/AppTable'
import { Section } from '../layout/Section'
import { useWords } from '../words/useWords'

type Seat = CommissionView['seats'][number]

/** Who sits in the commissions of a case and who has answered; how each voted, once the server tells it. */
export function CaseCommissions({ file }: { file: CaseDetail }) {
  const words = useWords()
  const { t, name, date } = words
  const seatText = (seat: Seat, { countedBy }: CommissionView): string =>
    [
      t(`app.commission.seats.${seat.state}`),
      seat.on && date(seat.on),
      seat.mark && words.option(file.process, countedBy, seat.mark),
      seat.void && t(`app.commission.void.${seat.void}`),
    ]
      .filter((part) => part !== null && part !== '')
      .join(', ')

  return file.commissions.map((commission) => (
    <Section
      key={commission.id}
      title={t('app.commission.title', { task: words.of(file.process, `tasks.${commission.kind}.title`) })}
    >
      <Typography sx={{ mb: 1 }}>
        {t(`app.commission.states.${commission.state}`, { quorum: commission.quorum })}
        {commission.choice !== null && ` ${words.option(file.process, commission.countedBy, commission.choice)}`}
      </Typography>
      <Facts
        facts={commission.seats.map(
          (seat) =>
            [
              `${name(seat.member.name)}${seat.chair ? ` (${t('app.commission.chair')})` : ''}`,
              seatText(seat, commission),
            ] as const,
        )}
      />
    </Section>
  ))
}
