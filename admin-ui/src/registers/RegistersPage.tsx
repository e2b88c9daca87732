import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import Typography from '@mui/material/Typography'
import { Link as RouterLink } from 'react-router-dom'
import { PageTitle } from '../layout/PageTitle'
import { Section } from '../layout/Section'
import { useMe } from '../providers/useApi'
import { useWords } from '../words/useWords'
import { useOwnRegisters } from './described'
import { REGISTER_GROUPS } from './groups'

interface Entry {
  readonly to: string
  readonly title: string
  readonly explain: string
}

/** Every register that the person may open, by groups, with what each is for. */
export default function RegistersPage() {
  const words = useWords()
  const { t } = words
  const me = useMe()
  const own = useOwnRegisters() ?? []
  const shared = REGISTER_GROUPS.map(({ title, resources }) => ({
    title: t(title),
    entries: resources
      .filter((resource) => me?.registers.includes(resource))
      .map((resource): Entry => ({
        to: `/${resource}`,
        title: t(`app.registers.${resource}.title`),
        explain: t(`app.registers.${resource}.explain`),
      })),
  }))
  const ofProcesses = own.map(({ register, process, name }): Entry => ({
    to: `/registers/${register}`,
    title: words.of(process, `registers.${name}.title`),
    explain: words.of(process, `registers.${name}.explain`),
  }))
  const groups = [...shared, { title: t('app.menu.own'), entries: ofProcesses }].filter(
    ({ entries }) => entries.length > 0,
  )

  return (
    <>
      <PageTitle title={t('app.menu.registers')} />
      <Typography sx={{ maxWidth: '60rem', mb: 2 }}>{t('app.menu.registersExplain')}</Typography>
      {groups.map(({ title, entries }) => (
        <Section key={title} title={title}>
          <Box
            component="ul"
            sx={{
              listStyle: 'none',
              p: 0,
              m: 0,
              display: 'grid',
              columnGap: 4,
              rowGap: 1.5,
              gridTemplateColumns: { xs: 'minmax(0, 1fr)', sm: 'repeat(auto-fill, minmax(19rem, 1fr))' },
            }}
          >
            {entries.map(({ to, title: name, explain }) => (
              <li key={to}>
                <Link component={RouterLink} to={to} underline="hover" sx={{ fontWeight: 600 }}>
                  {name}
                </Link>
                <Typography variant="body2" color="text.secondary">
                  {explain}
                </Typography>
              </li>
            ))}
          </Box>
        </Section>
      ))}
    </>
  )
}
