import type { ReactNode } from 'react'
import { useParams } from 'react-router-dom'
import type { CaseDetail } from '../../../api/shapes/views'
import { Loadable } from '../layout/Loadable'
import { PageTitle } from '../layout/PageTitle'
import { Underway } from '../layout/Underway'
import { useCase } from '../providers/useApi'
import { waitingPhase } from '../providers/useCommand'
import { useWords } from '../words/useWords'

/** The case of the address, as `children` shows it; while its start is under way, that it is. */
export function LoadedCase({ children }: { children: (file: CaseDetail) => ReactNode }) {
  const { id = '' } = useParams()
  const { t } = useWords()

  return (
    <Loadable query={useCase(id)} page>
      {(sent) =>
        sent.state === 'done' ? (
          children(sent.value)
        ) : (
          <>
            <PageTitle title={t('app.cases.underway')} />
            <Underway phase={waitingPhase(sent.command)} />
          </>
        )
      }
    </Loadable>
  )
}
