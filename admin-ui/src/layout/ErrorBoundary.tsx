import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import { Component, type ReactNode } from 'react'
import { useWords } from '../words/useWords'

function Failed({ retry }: { retry: () => void }) {
  const { t } = useWords()

  return (
    <Alert severity="error" sx={{ my: 3 }} action={<Button onClick={retry}>{t('app.retry')}</Button>}>
      {t('app.problem.page')}
    </Alert>
  )
}

/** A page that fails says so and leaves the rest of the console usable. Give it a `key` that changes with the address. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override render() {
    return this.state.failed ? <Failed retry={() => this.setState({ failed: false })} /> : this.props.children
  }
}
