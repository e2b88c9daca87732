/** Does to the product what a round says, and takes it back. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Proxy } from '../../support/proxy'
import type { Installation, Member } from './installation'
import type { Load } from './load'
import { waitFor } from './points'
import { PARTS, type Deed, type Round } from './schedule'

/** A point that no command has come to by then is passed over; on a busy machine people need long for one decision. */
const POINT_WITHIN_MS = 60_000
const WISH_WITHIN_MS = 60_000
const FULL_WITHIN_MS = 30_000

/** What came of a round. */
export interface Struck {
  /** false: no command came to the point in time, and nothing was done; or this machine cannot do it */
  readonly done: boolean
  readonly why: string | null
  /** moment at which it struck */
  readonly at: number
}

/** Carries out a round; resolves once it is over and everything that died runs again. */
export async function inflict(round: Round, installation: Installation, load: Load): Promise<Struck> {
  const { at: point, deed } = round
  if (deed.deed === 'double' || deed.deed === 'afterAnswer' || deed.deed === 'afterHandover')
    return wished(load, deed.deed)
  if (deed.deed === 'fill' && !installation.disks[deed.part])
    return { done: false, why: `no disk of its own: ${installation.disksMissing[deed.part] ?? ''}`, at: Date.now() }
  if (point === null || point === 'again') {
    const at = Date.now()
    let struckAt: number | null = null
    const why = await befall(deed, installation, round.which, () => (struckAt = Date.now()))

    return { done: why === null, why, at: deed.deed === 'fill' ? (struckAt ?? at) : at }
  }

  const waiting = waitFor(point, installation, round.which)
  const held = await Promise.race([waiting.reached, sleep(POINT_WITHIN_MS, null, { ref: false })])
  waiting.end()
  if (!held) {
    // found a moment too late: nothing may stay held
    void waiting.reached.then((late) => late.release())

    return { done: false, why: 'no command came to the point in time', at: Date.now() }
  }
  const at = Date.now()
  // what was on its way from or to somebody who died, or on a way that was cut, never arrives; else it arrives later
  const lost = deed.deed === 'kill' || deed.deed === 'cut'
  await befall(deed, installation, round.which, lost ? held.reset : undefined, lost ? undefined : held.release)
  held.release()

  return { done: true, why: null, at }
}

async function wished(load: Load, wish: 'double' | 'afterAnswer' | 'afterHandover'): Promise<Struck> {
  const decision = await Promise.race([load.wish(wish), sleep(WISH_WITHIN_MS, null, { ref: false })])
  if (!decision) return { done: false, why: 'nobody came to a fitting moment in time', at: Date.now() }

  return { done: true, why: null, at: decision.sentAt }
}

/** `struck` runs when the fault is there, `restored` when what was stopped goes on. Answers why it had no effect, if so. */
async function befall(
  deed: Deed,
  installation: Installation,
  which: number,
  struck: () => void = () => undefined,
  restored: () => void = () => undefined,
): Promise<string | null> {
  const one = (part: (typeof PARTS)[number]): Member => {
    const all = installation.members(part)
    const member = all[which % all.length]
    if (!member) throw new Error(`no ${part} runs`)

    return member
  }
  const ways = (link: Parameters<Installation['proxies']>[0], what: (proxy: Proxy) => void) => {
    const all = installation.proxies(link)
    const proxy = all[which % all.length]
    if (proxy) what(proxy)
  }

  switch (deed.deed) {
    case 'kill':
    case 'end': {
      const member = one(deed.part)
      const dying = deed.deed === 'kill' ? member.kill() : member.end()
      // who is told to stop finishes what is under way: what was held may pass
      if (deed.deed === 'end') setTimeout(restored, 300)
      await dying
      struck()
      await member.back()
      break
    }
    case 'killAll': {
      const all = PARTS.flatMap((part) => [...installation.members(part)])
      await Promise.all(all.map((member) => member.kill()))
      struck()
      await Promise.all(all.map((member) => member.back()))
      break
    }
    case 'pause': {
      const member = one(deed.part)
      member.pause()
      await sleep(deed.ms)
      member.resume()
      break
    }
    case 'cut':
      ways(deed.link, (proxy) => proxy.cut())
      struck()
      await sleep(deed.ms)
      ways(deed.link, (proxy) => proxy.restore())
      break
    case 'stop':
      ways(deed.link, (proxy) => proxy.stop())
      await sleep(deed.ms)
      ways(deed.link, (proxy) => proxy.restore())
      break
    case 'slow':
      ways(deed.link, (proxy) => proxy.slow(deed.by))
      await sleep(deed.ms)
      ways(deed.link, (proxy) => proxy.restore())
      break
    case 'fill': {
      const disk = installation.disks[deed.part]
      const said = installation.saysFull(deed.part)
      disk?.fill()
      // a server writes into what it has before it asks for more
      const until = Date.now() + FULL_WITHIN_MS
      while (!said() && Date.now() < until) await sleep(100)
      struck()
      if (said()) await sleep(deed.ms)
      disk?.free()
      if (!said()) return `the disk was full for ${FULL_WITHIN_MS / 1000} s, and ${deed.part} did not need more of it`
      break
    }
    case 'shift': {
      const member = one(deed.part)
      member.shift(deed.by)
      await sleep(deed.ms)
      member.shift(0)
      break
    }
    case 'double':
    case 'afterAnswer':
    case 'afterHandover':
      throw new Error('people do that')
  }
  restored()

  return null
}
