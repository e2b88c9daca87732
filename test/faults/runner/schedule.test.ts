/** The schedule of faults follows from its seed, and most of it falls where a command is under way. */
import { LINKS, nameOf, PARTS, POINTS, scheduleOf } from './schedule'

test('the same seed gives the same rounds, and more rounds begin with the same', () => {
  expect(scheduleOf(7, 200)).toEqual(scheduleOf(7, 200))
  expect(scheduleOf(7, 200).slice(0, 20)).toEqual(scheduleOf(7, 20))
  expect(scheduleOf(8, 20)).not.toEqual(scheduleOf(7, 20))
})

test.each([1, 2, 20, 200])('more than half of %i rounds fall between a command being sent and its answer', (rounds) => {
  for (const seed of [1, 2, 3]) {
    const pointed = scheduleOf(seed, rounds).filter(({ at }) => at !== null)
    expect(pointed.length).toBeGreaterThanOrEqual(Math.floor(rounds * 0.6))
  }
})

test('twenty rounds see a point each time that one falls at a point, two hundred every point and every fault of every part and connection', () => {
  const points = Object.keys(POINTS)
  expect(new Set(scheduleOf(1, 20).map(({ at }) => at)).size).toBe(20 * 0.6 + 1)
  const all = scheduleOf(1, 200)
  expect([...new Set(all.flatMap(({ at }) => at ?? []))].sort()).toEqual(points.sort())
  const names = new Set(all.map(({ deed }) => nameOf(deed)))
  for (const part of PARTS) for (const deed of ['kill', 'end', 'pause']) expect(names).toContain(`${deed} ${part}`)
  for (const link of LINKS) for (const deed of ['cut', 'stop', 'slow']) expect(names).toContain(`${deed} ${link}`)
  for (const name of ['fill postgres', 'fill temporal', 'shift api', 'shift worker', 'double', 'killAll'])
    expect(names).toContain(name)
})
