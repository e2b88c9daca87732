/** The walks of the README, played over HTTP by the people concerned against a running product, as rehearsals on a held clock. */
export { Person } from './person'
export { walk } from './probation'
export { appealWalk } from './appeal'
