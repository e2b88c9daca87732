/** Names in three languages. */
import type { Locale } from '../../../workflows/kernel/contract'

export type Name = Readonly<Record<Locale, string>>
/** A name in the columns of a row. */
export const nameColumns = (name: Name) => ({ nameKk: name.kk, nameRu: name.ru, nameEn: name.en })
