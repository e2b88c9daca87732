import type { Measurement } from './measure'
import { rows } from './report'
import type { SystemName } from './system'

const measured = (system: SystemName, round: number, rate: number): Measurement => ({
  workload: 'W1',
  setting: '8 people',
  system,
  round,
  figures: { 'decisions/s': rate },
  firstError: null,
})

test('a ratio compares within a round, and a round of which one half is missing has none', () => {
  const [row] = rows([
    measured('product', 1, 40),
    measured('floor', 1, 50),
    measured('floor', 2, 20),
    measured('product', 2, 18),
    measured('product', 3, 5),
  ])
  expect(row).toEqual({
    workload: 'W1',
    setting: '8 people',
    figure: 'decisions/s',
    product: { median: 18, min: 5, max: 40, n: 3 },
    floor: { median: 35, min: 20, max: 50, n: 2 },
    ratio: { median: 0.8500000000000001, min: 0.8, max: 0.9, n: 2 },
    door: null,
    doorOverFloor: null,
    productOverDoor: null,
  })
})

test('a floor behind a door stands between the two', () => {
  const [row] = rows([measured('product', 1, 30), measured('floor', 1, 60), measured('door', 1, 40)])
  expect(row).toMatchObject({
    ratio: { median: 0.5 },
    doorOverFloor: { median: 40 / 60 },
    productOverDoor: { median: 0.75 },
  })
})
