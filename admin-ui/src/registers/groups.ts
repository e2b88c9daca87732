/** The registers as the menu shows them. */
export const REGISTER_GROUPS = [
  { title: 'app.menu.people', resources: ['bodies', 'units', 'positions', 'people', 'roles'] },
  { title: 'app.menu.law', resources: ['regimes', 'rules', 'terms', 'categories', 'regions'] },
  { title: 'app.menu.days', resources: ['holidays', 'swaps', 'body-days'] },
] as const

export type Register = (typeof REGISTER_GROUPS)[number]['resources'][number]
