/**
 * Loaded into a process of the product before its own code: its clock is ahead of, or behind, the machine's by as many
 * milliseconds as the file named by FAULTS_CLOCK says, from the moment the file says so. Timers run as ever.
 */
import { readFileSync } from 'node:fs'
import { setInterval } from 'node:timers'

const file = process.env.FAULTS_CLOCK
const Real = Date
let shift = 0

const look = () => {
  try {
    shift = Number(readFileSync(file, 'utf8')) || 0
  } catch {
    shift = 0
  }
}

if (file) {
  look()
  setInterval(look, 200).unref()
  const now = () => Real.now() + shift
  globalThis.Date = new Proxy(Real, {
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
    apply: () => new Real(now()).toString(),
  })
  Real.prototype.constructor = globalThis.Date
}
