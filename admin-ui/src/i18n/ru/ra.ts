import type { TranslationMessages } from 'ra-core'
import russian from 'ra-language-russian'

// `prev` is a key of an older react-admin
const { prev: _, ...navigation } = russian.ra.navigation

/** The package lacks a few keys of react-admin 5.15 and gives two forms where Russian needs three. */
export const ra: TranslationMessages = {
  ...russian,
  ra: {
    ...russian.ra,
    navigation,
    action: { ...russian.ra.action, cancel: 'Закрыть окно' },
    message: {
      ...russian.ra.message,
      bulk_update_title:
        'Изменить %{name} %{recordRepresentation} |||| Изменить %{smart_count} %{name} |||| Изменить %{smart_count} %{name}',
    },
    guesser: { empty: { title: 'Нет данных', message: 'Проверьте источник данных' } },
  },
}
