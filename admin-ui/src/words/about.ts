/** Whom or what a case is about, in words. */
import type { AboutView, BodyRef } from '../../../api/shapes/views'
import type { Words } from './useWords'

/** In one line: the person; of a case about nobody the position, the body or the other case; the body of the case where nothing may be said. */
export function aboutLine(
  { t, name }: Pick<Words, 't' | 'name'>,
  about: AboutView & { readonly body: BodyRef },
): string {
  const named = about.subject ?? about.position ?? about.aboutBody
  if (!named && about.aboutCase) return t('app.cases.otherCase', { number: about.aboutCase.number })

  return name((named ?? about.body).name)
}
