/** What units and positions a sample body has. Names follow common usage; the structure is invented. */

export interface Title {
  readonly nameKk: string
  readonly nameRu: string
  readonly nameEn: string
}
const title = (nameKk: string, nameRu: string, nameEn: string): Title => ({ nameKk, nameRu, nameEn })

export interface PostPlan {
  readonly key: string
  readonly title: Title
  readonly category: string
  readonly headsUnit?: true
  readonly headsBody?: true
  readonly elected?: true
}
export interface UnitPlan {
  readonly key: string
  readonly title: Title
  readonly posts: readonly PostPlan[]
}
export interface BodyPlan {
  readonly top: readonly PostPlan[]
  readonly units: readonly UnitPlan[]
}

const UNIT = {
  hr: title('Кадр қызметі басқармасы', 'Управление кадровой службы', 'Human resources division'),
  strategy: title(
    'Стратегиялық жоспарлау департаменті',
    'Департамент стратегического планирования',
    'Strategic planning department',
  ),
  legal: title('Заң қызметі департаменті', 'Юридический департамент', 'Legal department'),
  digital: title('Цифрландыру басқармасы', 'Управление цифровизации', 'Digitalization division'),
  budget: title(
    'Бюджеттік жоспарлау департаменті',
    'Департамент бюджетного планирования',
    'Budget planning department',
  ),
  treasury: title(
    'Қазынашылық әдіснамасы департаменті',
    'Департамент методологии казначейства',
    'Treasury methodology department',
  ),
  audit: title('Ішкі аудит департаменті', 'Департамент внутреннего аудита', 'Internal audit department'),
  control: title(
    'Мемлекеттік қызмет саласындағы бақылау басқармасы',
    'Управление контроля в сфере государственной службы',
    'Civil service supervision division',
  ),
  quality: title(
    'Мемлекеттік қызметтер көрсету сапасын бақылау бөлімі',
    'Отдел контроля качества государственных услуг',
    'Public service quality section',
  ),
  staff: title('Персоналды басқару бөлімі', 'Отдел управления персоналом', 'Personnel section'),
  organization: title('Ұйымдастыру жұмысы бөлімі', 'Отдел организационной работы', 'Organization section'),
  economy: title('Экономика және бюджет бөлімі', 'Отдел экономики и бюджета', 'Economy and budget section'),
  social: title('Әлеуметтік даму бөлімі', 'Отдел социального развития', 'Social development section'),
  registration: title('Тіркеу қызметі бөлімі', 'Отдел регистрационной службы', 'Registration section'),
}

const POST = {
  minister: title('Министр', 'Министр', 'Minister'),
  chairman: title('Төраға', 'Председатель', 'Chair'),
  officeHead: title('Басшы', 'Руководитель', 'Head'),
  chiefOfStaff: title('Аппарат басшысы', 'Руководитель аппарата', 'Chief of staff'),
  akim: title('Әкім', 'Аким', 'Akim'),
  deputyAkim: title('Әкімнің орынбасары', 'Заместитель акима', 'Deputy akim'),
  departmentHead: title('Департамент басшысы', 'Руководитель департамента', 'Head of the department'),
  deputyHead: title('Басшының орынбасары', 'Заместитель руководителя', 'Deputy head'),
  director: title('Директор', 'Директор', 'Director'),
  unitHead: title('Бөлім басшысы', 'Руководитель отдела', 'Head of the section'),
  divisionHead: title('Басқарма басшысы', 'Руководитель управления', 'Head of the division'),
  chiefExpert: title('Бас сарапшы', 'Главный эксперт', 'Chief expert'),
  expert: title('Сарапшы', 'Эксперт', 'Expert'),
  chiefSpecialist: title('Бас маман', 'Главный специалист', 'Chief specialist'),
  leadingSpecialist: title('Жетекші маман', 'Ведущий специалист', 'Leading specialist'),
}

interface Ranks {
  readonly head: { readonly title: Title; readonly category: string }
  readonly senior: { readonly title: Title; readonly category: string }
  readonly junior: { readonly title: Title; readonly category: string }
}
const ranks = (
  head: Title,
  headCode: string,
  senior: Title,
  seniorCode: string,
  junior: Title,
  juniorCode: string,
): Ranks => ({
  head: { title: head, category: headCode },
  senior: { title: senior, category: seniorCode },
  junior: { title: junior, category: juniorCode },
})
const CENTRAL = ranks(POST.director, 'C-1', POST.chiefExpert, 'C-4', POST.expert, 'C-5')
const OFFICE = ranks(POST.director, 'B-1', POST.chiefExpert, 'B-5', POST.expert, 'B-6')
const TERRITORIAL = ranks(POST.divisionHead, 'C-O-3', POST.chiefSpecialist, 'C-O-5', POST.leadingSpecialist, 'C-O-6')
const REGIONAL = ranks(POST.unitHead, 'D-2', POST.chiefSpecialist, 'D-4', POST.leadingSpecialist, 'D-5')
const DISTRICT = ranks(POST.unitHead, 'E-2', POST.chiefSpecialist, 'E-4', POST.leadingSpecialist, 'E-5')

const unit = (key: keyof typeof UNIT, of: Ranks, seniors: number, juniors: number): UnitPlan => ({
  key,
  title: UNIT[key],
  posts: [
    { key: `${key}.head`, ...of.head, headsUnit: true },
    ...Array.from({ length: seniors }, (_, n) => ({ key: `${key}.senior.${n + 1}`, ...of.senior })),
    ...Array.from({ length: juniors }, (_, n) => ({ key: `${key}.junior.${n + 1}`, ...of.junior })),
  ],
})

const headed = (head: Title): PostPlan => ({ key: 'head', title: head, category: 'POLITICAL', headsBody: true })
const chiefOfStaff: PostPlan = { key: 'chiefOfStaff', title: POST.chiefOfStaff, category: 'CORPS-A' }

const ministry = (units: UnitPlan[]): BodyPlan => ({ top: [headed(POST.minister), chiefOfStaff], units })
const usualUnits = (of: Ranks) => [
  unit('hr', of, 2, 1),
  unit('strategy', of, 2, 3),
  unit('legal', of, 1, 3),
  unit('digital', of, 1, 3),
]
const department = (units: UnitPlan[]): BodyPlan => ({
  top: [
    { key: 'head', title: POST.departmentHead, category: 'C-O-1', headsBody: true },
    { key: 'deputy', title: POST.deputyHead, category: 'C-O-2' },
  ],
  units,
})
const regionalAkimat: BodyPlan = {
  top: [headed(POST.akim), { key: 'chiefOfStaff', title: POST.chiefOfStaff, category: 'D-1' }],
  units: [
    unit('staff', REGIONAL, 2, 1),
    unit('organization', REGIONAL, 1, 3),
    unit('economy', REGIONAL, 2, 3),
    unit('social', REGIONAL, 1, 3),
  ],
}
const districtAkimat: BodyPlan = {
  top: [
    { ...headed(POST.akim), elected: true },
    { key: 'deputy', title: POST.deputyAkim, category: 'E-1' },
  ],
  units: [unit('staff', DISTRICT, 1, 1), unit('economy', DISTRICT, 1, 2), unit('social', DISTRICT, 1, 2)],
}

/** The unit of a body whose people deal with personnel. */
export const HR_UNITS: readonly string[] = ['hr', 'staff']

/** Bodies with people in them; all others are in the register by name only. */
export const staffing = (): ReadonlyMap<string, BodyPlan> => {
  const plans = new Map<string, BodyPlan>()
  plans.set(
    'ministryFinance',
    ministry([
      unit('hr', CENTRAL, 2, 2),
      unit('budget', CENTRAL, 3, 6),
      unit('treasury', CENTRAL, 3, 5),
      unit('audit', CENTRAL, 2, 5),
      unit('legal', CENTRAL, 2, 3),
      unit('digital', CENTRAL, 2, 3),
    ]),
  )
  for (const key of [
    'ministryJustice',
    'ministryLabour',
    'ministryHealth',
    'ministryDigital',
    'ministryNationalEconomy',
  ])
    plans.set(key, ministry(usualUnits(CENTRAL)))
  plans.set('governmentOffice', { top: [headed(POST.officeHead)], units: usualUnits(OFFICE) })
  plans.set('civilServiceAgency', {
    top: [headed(POST.chairman), chiefOfStaff],
    units: [unit('control', OFFICE, 2, 3), ...usualUnits(OFFICE)],
  })
  for (const region of [
    'abai',
    'akmola',
    'aktobe',
    'almatyRegion',
    'atyrau',
    'eastKazakhstan',
    'zhambyl',
    'zhetisu',
    'westKazakhstan',
    'karaganda',
    'kostanay',
    'kyzylorda',
    'mangystau',
    'pavlodar',
    'northKazakhstan',
    'turkistan',
    'ulytau',
    'astana',
    'almatyCity',
    'shymkent',
  ])
    plans.set(
      `civilServiceAgency.${region}`,
      department([
        unit('staff', TERRITORIAL, 1, 0),
        unit('control', TERRITORIAL, 1, 1),
        unit('quality', TERRITORIAL, 1, 1),
      ]),
    )
  plans.set(
    'ministryJustice.shymkent',
    department([unit('staff', TERRITORIAL, 1, 1), unit('registration', TERRITORIAL, 2, 4)]),
  )
  for (const region of ['karaganda', 'almatyCity', 'astana', 'kostanay', 'turkistan', 'westKazakhstan', 'mangystau'])
    plans.set(`akimat.${region}`, regionalAkimat)
  for (const district of ['kostanay.fedorov', 'akmola.burabay', 'zhambyl.moiynkum', 'almatyRegion.karasay'])
    plans.set(`akimat.${district}`, districtAkimat)
  return plans
}
