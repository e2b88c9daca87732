import { lazy, useMemo, useSyncExternalStore } from 'react'
import { QueryClient } from '@tanstack/react-query'
import { Admin, CustomRoutes, localStorageStore, Resource, type Store } from 'react-admin'
import { Route } from 'react-router-dom'
import { bodies } from './bodies'
import { bodyDays } from './body-days'
import { cases } from './cases'
import { categories } from './categories'
import { currentDisplay, currentMode, onDisplayChange } from './display'
import { holidays } from './holidays'
import { AppLayout } from './layout/AppLayout'
import { NotFoundPage } from './layout/NotFoundPage'
import { currentLocale, onLocaleChange } from './locale'
import LoginPage from './login/LoginPage'
import { people } from './people'
import { positions } from './positions'
import { authProvider } from './providers/authProvider'
import { dataProvider } from './providers/dataProvider'
import { failureOf } from './providers/http'
import { i18nProvider } from './providers/i18nProvider'
import { regimes } from './regimes'
import { regions } from './regions'
import { roles } from './roles'
import { rules } from './rules'
import { swaps } from './swaps'
import { tasks } from './tasks'
import { terms } from './terms'
import { themeOf } from './theme'
import { units } from './units'

const DayPage = lazy(() => import('./day/DayPage'))
const RegistersPage = lazy(() => import('./registers/RegistersPage'))
const StartCase = lazy(() => import('./start/StartCase'))
const MyCases = lazy(() => import('./my-cases/MyCases'))
const MyCase = lazy(() => import('./my-cases/MyCase'))
const SittingPage = lazy(() => import('./cases/SittingPage'))
const DocumentShow = lazy(() => import('./documents/DocumentShow'))
const StuckCases = lazy(() => import('./operations/StuckCases'))
const OwnRegisterPages = lazy(() => import('./registers/OwnRegister'))
const NoticesPage = lazy(() => import('./notices/NoticesPage'))
const LettersPage = lazy(() => import('./notices/LettersPage'))
const Outbox = lazy(() => import('./operations/Outbox'))
const CalendarPage = lazy(() => import('./calendar/CalendarPage'))

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // what the server has refused it will refuse again
      retry: (times, error) => {
        const { status } = failureOf(error)

        return times < 2 && (status === 0 || status >= 500)
      },
    },
  },
})
// lists of names are in the order of the language shown
onLocaleChange(() => {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey: [what, how] }) => what === '@search' || how === 'getList',
  })
})

/** react-admin's store without the locale, which `locale.ts` keeps, so that signing out does not change the language. */
function storeKeepingLocale(): Store {
  const store = localStorageStore()
  store.removeItem('locale')

  return store
}
const store = storeKeepingLocale()

export function App() {
  const locale = useSyncExternalStore(onLocaleChange, currentLocale)
  const mode = useSyncExternalStore(onDisplayChange, currentMode)
  const density = useSyncExternalStore(onDisplayChange, () => currentDisplay().density)
  const theme = useMemo(() => themeOf(locale, mode, density), [locale, mode, density])

  return (
    <Admin
      title="Mansap"
      authProvider={authProvider}
      dataProvider={dataProvider}
      i18nProvider={i18nProvider}
      queryClient={queryClient}
      store={store}
      theme={theme}
      darkTheme={null}
      layout={AppLayout}
      loginPage={LoginPage}
      catchAll={NotFoundPage}
      dashboard={DayPage}
      requireAuth
      disableTelemetry
    >
      {[
        tasks,
        cases,
        bodies,
        units,
        positions,
        people,
        roles,
        regimes,
        rules,
        terms,
        categories,
        regions,
        holidays,
        swaps,
        bodyDays,
      ].map((resource) => (
        <Resource key={resource.name} {...resource} />
      ))}
      <CustomRoutes>
        <Route path="/start" element={<StartCase />} />
        <Route path="/notices" element={<NoticesPage />} />
        <Route path="/letters" element={<LettersPage />} />
        <Route path="/outbox" element={<Outbox />} />
        <Route path="/calendar" element={<CalendarPage />} />
        <Route path="/my-cases" element={<MyCases />} />
        <Route path="/my-cases/:id" element={<MyCase />} />
        <Route path="/cases/:id/commissions/:commission" element={<SittingPage />} />
        <Route path="/documents/:id" element={<DocumentShow />} />
        <Route path="/registers" element={<RegistersPage />} />
        <Route path="/registers/:register/*" element={<OwnRegisterPages />} />
        <Route path="/stuck-cases" element={<StuckCases />} />
      </CustomRoutes>
    </Admin>
  )
}
