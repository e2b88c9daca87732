/** The rows that the trail keeps and processes are told of are those of the tables: this file compiles or not. */
import type { AddedFields, FieldValues, RegisterName, RegisterRows } from '../../workflows/kernel/register'
import type * as stored from '../generated/client'

/** A row as the trail has it: dates as text, without what follows from the rest. */
type Kept<Row> = { [K in keyof Omit<Row, 'search'>]: Date extends Row[K] ? Exclude<Row[K], Date> | string : Row[K] }
/** The rows that processes are told of are those of the tables: column by column. */
type Same<A, B> = [keyof A, keyof B] extends [keyof B, keyof A] ? (A extends B ? true : A) : [keyof A, keyof B]
const same = <R extends RegisterName, Row>(_: Same<RegisterRows[R], Kept<Row>>): void => undefined

test('rows are typed as their tables are', () => {
  same<'regions', stored.Region>(true)
  same<'bodies', stored.StateBody>(true)
  same<'units', stored.Unit>(true)
  same<'categories', stored.PositionCategory>(true)
  same<'positions', Omit<stored.Position, 'fields'> & { fields: AddedFields }>(true)
  same<'people', Omit<stored.Person, 'fields'> & { fields: AddedFields }>(true)
  same<'posts', stored.Post>(true)
  same<'roles', stored.BodyRole>(true)
  same<'regimes', stored.Regime>(true)
  same<'rules', Omit<stored.RegimeRow, 'value'> & { value: RegisterRows['rules']['value'] }>(true)
  same<'terms', stored.Term>(true)
  same<'holidays', stored.Holiday>(true)
  same<'swaps', stored.DaySwap>(true)
  same<'body-days', stored.BodyDay>(true)
  same<'own', Omit<stored.RegisterRow, 'fields'> & { fields: FieldValues }>(true)
})
