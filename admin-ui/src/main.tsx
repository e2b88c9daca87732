import { createRoot } from 'react-dom/client'
import { createBrowserRouter, RouterProvider } from 'react-router-dom'
import { App } from './App'
import { rememberedLocale, type Locale } from './locale'
import { startI18n } from './providers/i18nProvider'

const TRIES = 20
const WAIT_MS = 1_500
/** The only sentences that cannot wait for the messages to be loaded. */
const AWAY: Record<Locale, string> = {
  kk: 'Mansap қызметі жауап бермейді. Беттің өзі қайта байланысып көреді…',
  ru: 'Служба Mansap не отвечает. Страница сама пробует подключиться снова…',
  en: 'The Mansap service does not answer. This page keeps trying to connect…',
}

async function start(root: HTMLElement): Promise<void> {
  const locale = rememberedLocale()
  for (let attempt = 1; ; attempt += 1) {
    try {
      await startI18n(locale)
      break
    } catch (error) {
      if (attempt === TRIES) throw error
      document.documentElement.lang = locale
      root.textContent = AWAY[locale]
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS))
    }
  }
  root.textContent = ''
  createRoot(root).render(<RouterProvider router={createBrowserRouter([{ path: '*', element: <App /> }])} />)
}

const root = document.getElementById('root')
if (root) void start(root)
