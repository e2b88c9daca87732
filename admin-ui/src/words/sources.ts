/**
 * Sources of registers in the language of the page. A register keeps a source as it was recorded: codes of the list of sources
 * (`prisma/seed/data/sources.csv`), where in them, and remarks in English. Here each of these has words; what an administrator typed
 * is shown as he typed it. A test holds every row of the seeded registers against this.
 */
import type { Locale } from '../../../workflows/kernel/contract'

/** The same in Kazakh, Russian and English. */
type Said = readonly [kk: string, ru: string, en: string]
const inLocale = (said: Said, locale: Locale): string => said[locale === 'kk' ? 0 : locale === 'ru' ? 1 : 2]
const site = (name: string): Said => [`${name} сайты`, `сайт ${name}`, `site ${name}`]

const LAW_2015: Said = ['2015 жылғы Заң', 'Закон 2015 года', 'Law of 2015']

/** What the codes of the list of sources stand for. */
const SOURCES: Readonly<Record<string, Said>> = {
  S0: ['2011 жылғы Тұжырымдама', 'Концепция 2011 года', 'Concept of 2011'],
  S1: ['2015 жылғы Заң туралы слайдтар', 'слайды о Законе 2015 года', 'slides on the Law of 2015'],
  S2: [
    'институционалдық реформалардың барысы, 2017 жыл',
    'ход институциональных реформ, 2017 год',
    'progress of the institutional reforms, 2017',
  ],
  S3: ['2024–2029 жылдарға арналған Тұжырымдама', 'Концепция на 2024–2029 годы', 'Concept of 2024–2029'],
  S4: ['2024 жылғы сұхбат', 'интервью 2024 года', 'interview of 2024'],
  W1: LAW_2015,
  W2: LAW_2015,
  W4: LAW_2015,
  W6: LAW_2015,
  W10: site('inbusinesskz.com'),
  W11: site('en.inform.kz'),
  W15: site('gov.kz'),
  W17: site('egov.kz'),
  W20: site('enbekshiqazaq.kz'),
  W21: site('zakon.kz'),
  W22: site('egov.kz'),
  W28: site('adilet.zan.kz'),
  W30: [
    'мемлекеттік лауазымдар тізілімі (2015 жылғы 29 желтоқсандағы № 150 Жарлық)',
    'реестр должностей (Указ № 150 от 29.12.2015)',
    'register of positions (Decree 150 of 29.12.2015)',
  ],
  W31: site('inform.kz'),
  W32: site('taspanews.kz'),
  W35: [
    'мерекелер тізімі, «vacanza/holidays» жобасы',
    'перечень праздников проекта «vacanza/holidays»',
    'list of holidays of the project “vacanza/holidays”',
  ],
  W39: ['2019 жылғы конкурс туралы хабарландыру', 'объявление о конкурсе 2019 года', 'competition notice of 2019'],
}

/** Days and remarks, word for word. */
const REMARKS: Readonly<Record<string, Said>> = {
  // what the letter of confidence has said already
  placeholder: ['', '', ''],
  'design default': ['', '', ''],
  'general knowledge': ['', '', ''],
  sample: ['үлгі деректер', 'учебные данные', 'sample data'],
  'no value known': ['мәні белгісіз', 'значение неизвестно', 'no value known'],
  'placeholder (1 December or January)': [
    'желтоқсанның немесе қаңтардың 1-і болуы мүмкін',
    'возможно, 1 декабря или 1 января',
    '1 December or January',
  ],
  'the supervisor judges, the mentor helps': [
    'бағаны басшы береді, тәлімгер көмектеседі',
    'оценивает руководитель, наставник помогает',
    'the supervisor judges, the mentor helps',
  ],
  'requirements for mentors are not known': [
    'тәлімгерге қойылатын талаптар белгісіз',
    'требования к наставникам неизвестны',
    'requirements for mentors are not known',
  ],
  'number of mentees is not known': [
    'бір тәлімгерге бекітілетін қызметшілер саны белгісіз',
    'число служащих у одного наставника неизвестно',
    'number of servants of one mentor is not known',
  ],
  'analogue: art. 12(4) of the law on law-enforcement service treats continued service after the term as passed': [
    'ұқсас норма: құқық қорғау қызметі туралы заңның 12-бабының 4-тармағы бойынша мерзімнен кейін қызметін жалғастырған адам сынақтан өтті деп саналады',
    'по аналогии: п. 4 ст. 12 закона о правоохранительной службе считает продолжившего службу после срока прошедшим испытание',
    'by analogy: art. 12(4) of the law on law-enforcement service treats continued service after the term as passed',
  ],
  'analogue: law-enforcement test rules, https://cis-legislation.com/document.fwx?rgn=99214': [
    'ұқсас норма: құқық қорғау органдарының тестілеу қағидалары, https://cis-legislation.com/document.fwx?rgn=99214',
    'по аналогии: правила тестирования в правоохранительных органах, https://cis-legislation.com/document.fwx?rgn=99214',
    'by analogy: law-enforcement test rules, https://cis-legislation.com/document.fwx?rgn=99214',
  ],
  'no act names a length': [
    'ұзақтығын ешбір акт белгілемейді',
    'длительность ни в одном акте не названа',
    'no act names a length',
  ],
  'law of 1999 not read': ['1999 жылғы заң оқылмаған', 'закон 1999 года не прочитан', 'law of 1999 not read'],
  'text of Law 290-VIII not read': [
    '2026 жылғы № 290-VIII Заңның мәтіні оқылмаған',
    'текст Закона № 290-VIII 2026 года не прочитан',
    'text of Law 290-VIII of 2026 not read',
  ],
  'probation is abolished': ['сынақ мерзімі жойылған', 'испытательный срок отменён', 'probation is abolished'],
  'as W4 art. 20(3-1), whose first day is not known': [
    '2015 жылғы Заңның 20-бабының 3-1-тармағындай, оның күшіне енген күні белгісіз',
    'как п. 3-1 ст. 20 Закона 2015 года, день вступления в силу неизвестен',
    'as art. 20(3-1) of the Law of 2015, whose first day is not known',
  ],
  'S0 says only that the term is fixed': [
    '2011 жылғы Тұжырымдамада мерзім белгіленетіні ғана айтылған',
    'в Концепции 2011 года сказано лишь, что срок устанавливается',
    'the Concept of 2011 says only that the term is fixed',
  ],
  'E-Kyzmet function due 2027-H1': [
    '«Е-қызмет» жүйесінің функциясы 2027 жылдың бірінші жартысында күтіледі',
    'функция системы «Е-қызмет» ожидается в первом полугодии 2027 года',
    'function of the system E-Kyzmet is due in the first half of 2027',
  ],
  'Decree 321 of 31.12.1999 as told by https://defacto.kz/ru/content/soblyudenie-srokov-i-distsiplinarnaya-otvetstvennost-gosudarstvennykh-sluzhashchikh':
    [
      '31.12.1999 № 321 Жарлық, https://defacto.kz/ru/content/soblyudenie-srokov-i-distsiplinarnaya-otvetstvennost-gosudarstvennykh-sluzhashchikh бойынша',
      'Указ № 321 от 31.12.1999 в изложении https://defacto.kz/ru/content/soblyudenie-srokov-i-distsiplinarnaya-otvetstvennost-gosudarstvennykh-sluzhashchikh',
      'Decree 321 of 31.12.1999 as told by https://defacto.kz/ru/content/soblyudenie-srokov-i-distsiplinarnaya-otvetstvennost-gosudarstvennykh-sluzhashchikh',
    ],
  'length computed': ['ұзақтығы есептелген', 'длительность вычислена', 'length computed'],
  'earlier order': ['бұрынғы тәртіп', 'прежний порядок', 'earlier order'],
  'same rule as no break between posts': [
    'лауазымдар арасындағы үзіліссіздік қағидасымен бірдей',
    'то же правило, что и о должности без перерыва',
    'same rule as no break between posts',
  ],
  'code and rotation': ['коды мен ротация', 'код и ротация', 'code and rotation'],
  'deputy akims': ['әкім орынбасарлары', 'заместители акимов', 'deputy akims'],
  'code seen': ['коды көрілген', 'код встречен', 'code seen'],
  'code seen; other columns general knowledge': [
    'коды көрілген, қалғаны — жалпы білім',
    'код встречен, остальное — общие сведения',
    'code seen, all else is background knowledge',
  ],
  'other columns general knowledge': [
    'қалғаны — жалпы білім',
    'остальное — общие сведения',
    'all else is background knowledge',
  ],
  'leadership competencies asked; code seen': [
    'көшбасшылық құзыреттер талап етілген; коды көрілген',
    'требовались лидерские компетенции; код встречен',
    'leadership competencies were asked for; code seen',
  ],
  'managerial: deputy heads': [
    'басшылық лауазым: орынбасарлар',
    'руководящая: заместители',
    'managerial: deputy heads',
  ],
  'annex for the earlier name': [
    'бұрынғы атауы — қосымшада',
    'прежнее название — в приложении',
    'the earlier name is in the annex',
  ],
  'UTC+5 everywhere since 2024-03-01 (interfax.ru/world/948506)': [
    '01.03.2024 бастап барлық жерде UTC+5 (interfax.ru/world/948506)',
    'с 01.03.2024 везде UTC+5 (interfax.ru/world/948506)',
    'UTC+5 everywhere since 01.03.2024 (interfax.ru/world/948506)',
  ],
  'enactment of its plans not checked': [
    'жоспарларының қабылданғаны тексерілмеген',
    'принятие намеченного не проверено',
    'enactment of its plans not checked',
  ],
  'every value is a placeholder': ['барлық мәні шартты', 'все значения условные', 'every value is provisional'],
  'existence and first day reported, text not read': [
    'бар екені мен күшіне енетін күні хабарланған, мәтіні оқылмаған',
    'о принятии и дне вступления в силу сообщалось, текст не прочитан',
    'existence and first day reported, text not read',
  ],
  'first day worked out from 10 calendar days after publication': [
    'күшіне енген күні жарияланғаннан кейінгі күнтізбелік 10 күн бойынша есептелген',
    'первый день вычислен: 10 календарных дней после опубликования',
    'first day worked out from 10 calendar days after publication',
  ],
  'never chosen by date': ['күні бойынша таңдалмайды', 'по дате не выбирается', 'never chosen by date'],
  'pilot rules': ['пилоттық қағидалар', 'пилотные правила', 'pilot rules'],
  'validity years': ['қолданылған жылдары', 'годы действия', 'years in which it holds'],
  'removed from 2026': ['2026 жылдан бастап алынып тасталған', 'отменён с 2026 года', 'removed from 2026'],
  'national/state status by year: ortcom.kz/ru/novosti/1665217461': [
    'жылдар бойынша ұлттық не мемлекеттік мәртебесі: ortcom.kz/ru/novosti/1665217461',
    'национальный или государственный статус по годам: ortcom.kz/ru/novosti/1665217461',
    'national or state status by year: ortcom.kz/ru/novosti/1665217461',
  ],
  'expected date, to be confirmed by the clergy': [
    'күтілетін күн, діни басқарма растауы тиіс',
    'ожидаемая дата, её подтвердит духовное управление',
    'expected date, to be confirmed by the clergy',
  ],
  'python package holidays 0.109 (vacanza/holidays), Kazakhstan': [
    'мерекелер тізімі, «vacanza/holidays» жобасы, 0.109',
    'перечень праздников проекта «vacanza/holidays», 0.109',
    'list of holidays of the project “vacanza/holidays”, 0.109',
  ],
  'addition to Resolution 713': [
    '№ 713 қаулыға толықтыру',
    'дополнение к постановлению № 713',
    'addition to Resolution 713',
  ],
  bridge: ['көпір күн', 'соединение выходных', 'bridge'],
  'a day off already moved from Sat 9 May': [
    '9 мамыр, сенбіден бұрын ауыстырылған демалыс күні',
    'выходной, уже перенесённый с субботы 9 мая',
    'a day off already moved from Saturday 9 May',
  ],
  'Capital Day': ['Астана күні', 'День столицы', 'Capital Day'],
  'Constitution Day': ['Конституция күні', 'День Конституции', 'Constitution Day'],
  'Defender and Victory days': [
    'Отан қорғаушылар күні мен Жеңіс күні',
    'День защитника Отечества и День Победы',
    'Defender and Victory days',
  ],
  'Independence Day': ['Тәуелсіздік күні', 'День Независимости', 'Independence Day'],
  Nauryz: ['Наурыз', 'Наурыз', 'Nauryz'],
  'New Year': ['Жаңа жыл', 'Новый год', 'New Year'],
  'Republic Day': ['Республика күні', 'День Республики', 'Republic Day'],
  'Unity Day': ['Бірлік күні', 'День единства', 'Unity Day'],
  'Victory Day': ['Жеңіс күні', 'День Победы', 'Victory Day'],
  "Women's Day": ['Халықаралық әйелдер күні', 'Международный женский день', "Women's Day"],
  'Administration of the President': [
    'Президент Әкімшілігі',
    'Администрация Президента',
    'Administration of the President',
  ],
  "Akim's office of a district or town": [
    'аудан не қала әкімінің аппараты',
    'аппарат акима района или города',
    "Akim's office of a district or town",
  ],
  "Akim's office of a region, the capital or a big city": [
    'облыс, астана не ірі қала әкімінің аппараты',
    'аппарат акима области, столицы или крупного города',
    "Akim's office of a region, the capital or a big city",
  ],
  "Akim's office of a village, rural district or settlement": [
    'ауыл, ауылдық округ не кент әкімінің аппараты',
    'аппарат акима села, сельского округа или посёлка',
    "Akim's office of a village, rural district or settlement",
  ],
  'All bodies, posts on the list of the President': [
    'барлық органдар, Президент тізбесіндегі лауазымдар',
    'все органы, должности из перечня Президента',
    'All bodies, posts on the list of the President',
  ],
  'Apparatuses of the Parliament chambers, courts, Government Office, Agency and similar bodies': [
    'Парламент палаталарының, соттардың аппараттары, Үкімет Аппараты, Агенттік және осыған ұқсас органдар',
    'аппараты палат Парламента и судов, Аппарат Правительства, Агентство и подобные органы',
    'Apparatuses of the Parliament chambers, courts, Government Office, Agency and similar bodies',
  ],
  'District departments of local executive bodies': [
    'жергілікті атқарушы органдардың аудандық бөлімдері',
    'районные отделы местных исполнительных органов',
    'District departments of local executive bodies',
  ],
  'District units of central bodies': [
    'орталық органдардың аудандық бөлімшелері',
    'районные подразделения центральных органов',
    'District units of central bodies',
  ],
  'Ministries and agencies': ['министрліктер мен агенттіктер', 'министерства и агентства', 'Ministries and agencies'],
  'Posts on the list of the President, incl. chief of staff': [
    'Президент тізбесіндегі лауазымдар, оның ішінде аппарат басшысы',
    'должности из перечня Президента, включая руководителя аппарата',
    'Posts on the list of the President, incl. chief of staff',
  ],
  'Regional departments of central bodies': [
    'орталық органдардың облыстық департаменттері',
    'областные департаменты центральных органов',
    'Regional departments of central bodies',
  ],
  'Regional departments of local executive bodies': [
    'жергілікті атқарушы органдардың облыстық басқармалары',
    'областные управления местных исполнительных органов',
    'Regional departments of local executive bodies',
  ],
}

/** What has a number or a date in it; `$1`, `$2` stand for them. */
const PATTERNS: readonly (readonly [pattern: RegExp, said: Said])[] = [
  [/^art\. (\d+)$/, ['$1-бап', 'ст. $1', 'art. $1']],
  [/^art\. (\d+)\(([\d-]+)\)$/, ['$1-баптың $2-тармағы', 'п. $2 ст. $1', 'art. $1($2)']],
  [/^(?:section )?(\d+(?:\.\d+)*)$/, ['$1-бөлім', 'раздел $1', 'section $1']],
  [/^plan item (\d+)$/, ['жоспардың $1-тармағы', 'пункт $1 плана', 'item $1 of the plan']],
  [
    /^plan item (\d+) and ([\d.]+)$/,
    ['жоспардың $1-тармағы және $2-бөлім', 'пункт $1 плана и раздел $2', 'item $1 of the plan and section $2'],
  ],
  [/^annex$/, ['қосымша', 'приложение', 'annex']],
  [/^admission slide$/, ['қызметке кіру туралы слайд', 'слайд о поступлении', 'slide on admission']],
  [/^worked instead of (\S+)$/, ['$1 орнына жұмыс күні', 'рабочий вместо $1', 'worked instead of $1']],
  [
    /^day off moved from (\S+)$/,
    ['$1 күнінен ауыстырылған демалыс', 'выходной перенесён с $1', 'day off moved from $1'],
  ],
  [/^Law ([\w-]+)$/, ['№ $1 Заң', 'Закон № $1', 'Law $1']],
  [/^Law ([\w-]+) of (\S+)$/, ['$2 № $1 Заң', 'Закон № $1 от $2', 'Law $1 of $2']],
  [
    /^Law ([\w-]+) as amended by Law ([\w-]+) of (\S+)$/,
    [
      '$3 № $2 Заңмен өзгертілген № $1 Заң',
      'Закон № $1 с изменениями Закона № $2 от $3',
      'Law $1 as amended by Law $2 of $3',
    ],
  ],
  [/^Decrees? ([\d-]+)$/, ['№ $1 Жарлық', 'Указ № $1', 'Decree $1']],
  [/^Decree (\d+) of (\S+)$/, ['$2 № $1 Жарлық', 'Указ № $1 от $2', 'Decree $1 of $2']],
  [
    /^(\d{4}) Concept, Decree (\d+) of (\S+)$/,
    ['$1 жылғы Тұжырымдама, $3 № $2 Жарлық', 'Концепция $1 года, Указ № $2 от $3', '$1 Concept, Decree $2 of $3'],
  ],
  [
    /^Concept, Decree (\d+) of (\S+)$/,
    ['Тұжырымдама, $2 № $1 Жарлық', 'Концепция, Указ № $1 от $2', 'Concept, Decree $1 of $2'],
  ],
  [/^Order (\d+) of (\S+)$/, ['$2 № $1 бұйрық', 'приказ № $1 от $2', 'Order $1 of $2']],
  [/^Resolution (\d+) of (\S+)$/, ['$2 № $1 қаулы', 'постановление № $1 от $2', 'Resolution $1 of $2']],
  [
    /^ministerial order (\d+) of (\S+)$/,
    ['министрдің $2 № $1 бұйрығы', 'приказ министра № $1 от $2', 'ministerial order $1 of $2'],
  ],
  [/^ministerial order of (\S+)$/, ['министрдің $1 бұйрығы', 'приказ министра от $1', 'ministerial order of $1']],
]

/** One part in words; null for what nobody foresaw. */
function part(text: string, locale: Locale): string | null {
  const remark = Object.hasOwn(REMARKS, text) ? REMARKS[text] : undefined
  if (remark) return inLocale(remark, locale)
  if (/^https?:\/\/\S+$/.test(text)) return text
  for (const [pattern, said] of PATTERNS) {
    const found = pattern.exec(text)
    if (found)
      return inLocale(said, locale).replace(/\$(\d)/g, (_all, n: string) => {
        const value = found[Number(n)] ?? ''

        return /^\d{4}-\d\d-\d\d$/.test(value) ? value.split('-').reverse().join('.') : value
      })
  }

  return named(text, locale) ?? remarked(text, locale)
}

/** A code of the list of sources, and where in it. */
function named(text: string, locale: Locale): string | null {
  const [, code = '', place] = /^([SW]\d+)(?:,? (?!\()(.+))?$/.exec(text) ?? []
  const source = Object.hasOwn(SOURCES, code) ? SOURCES[code] : undefined
  if (!source) return null
  if (place === undefined) return inLocale(source, locale)
  const where = part(place, locale)

  return where === null ? null : `${inLocale(source, locale)}, ${where}`
}

/** What is followed by a remark in brackets, by a colon, or by another source; a code in brackets adds nothing to what has a name. */
function remarked(text: string, locale: Locale): string | null {
  const [all, head = '', more = ''] =
    /^(.+) \(([^()]+)\)$/.exec(text) ?? /^(.+?)(?:, |: )(?=[SW\d]|existence)(.+)$/.exec(text) ?? []
  if (all === undefined) return null
  const [first, second] = [part(head, locale), /^[SW]\d+$/.test(more) && all.endsWith(')') ? '' : part(more, locale)]
  if (first === null || second === null) return null

  return second === '' ? first : all.endsWith(')') ? `${first} (${second})` : `${first}, ${second}`
}

/** A source in the language of the page. What has no words is shown as it was typed. */
export function sourceText(source: string, locale: Locale): string {
  const parts = source.split(/; (?![^(]*\))/).map((text) => part(text, locale) ?? text)

  return [...new Set(parts.filter((text) => text !== ''))].join('; ')
}

/** Whether all of a source has words: for the test of the registers. */
export const isWorded = (source: string, locale: Locale): boolean =>
  source.split(/; (?![^(]*\))/).every((text) => part(text, locale) !== null)
