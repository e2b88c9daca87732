/** Names in three languages. */
import type { Locale } from '../../../workflows/kernel/contract'

export type Name = Readonly<Record<Locale, string>>
export const nameData = (name: Name | undefined) => name && { nameKk: name.kk, nameRu: name.ru, nameEn: name.en }
