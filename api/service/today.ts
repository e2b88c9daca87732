/** The date of the day on which people act, by which their roles are looked up. */
export { actingDay as today } from '../../prisma/store/register-facts'
