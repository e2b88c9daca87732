/** Every process of the registry finds in the seeded register what its contract names: without a row its cases do not begin. */
import { regimeRows, ruleRows, termRows } from '../prisma/seed/data'
import { TERM_UNITS } from '../workflows/kernel/contract'
import { processes } from '../workflows/registry'

const units: readonly string[] = TERM_UNITS
const terms = termRows().filter(({ value, unit }) => value !== null && units.includes(unit))
const rules = ruleRows()
// the law of 1999 was not read: a case that would begin under it is refused, and names the rows it lacks
const regimes = regimeRows()
  .map(({ id }) => id)
  .filter((id) => id !== 'R0')

describe.each(processes.all.map(({ contract }) => ({ contract, name: contract.name, version: contract.version })))(
  'version $version of $name',
  ({ contract }) => {
    test('has a row for each of its terms and rules under every regime from 2016 on', () => {
      const lacking = regimes.flatMap((regime) => [
        ...contract.terms
          .filter((key) => !terms.some((row) => row.key === key && [regime, '*'].includes(row.regimeId)))
          .map((key) => `${regime} ${key}: a row in prisma/seed/data/terms-own.csv or terms.csv`),
        ...Object.keys(contract.rules)
          .filter((key) => !rules.some((row) => row.key === key && row.regimeId === regime))
          .map((key) => `${regime} ${key}: a row in prisma/seed/data/regime-rows.csv`),
      ])
      expect(lacking).toEqual([])
    })
  },
)
