/** What API and worker of the fault rounds serve beside the processes of the product: cases that open and tell each other, and that annul. */
import path from 'node:path'
import { processStores } from '../../../prisma/store/process-stores'
import type { ProcessStores } from '../../../prisma/store/process-store'
import { processesOf } from '../../../workflows/kernel/process'
import { LOCALES } from '../../../workflows/kernel/contract'
import { processes as registered } from '../../../workflows/registry'
import { readWords, wordsOf, type Words } from '../../../workflows/words'
import { revocation } from '../../revocation/process'
import { revocationStore } from '../../revocation/store'
import { relay } from '../../workflows/kernel/relay-process'
import { relayStore } from '../../workflows/kernel/relay-store'

export const processes = processesOf(...registered.all, relay, revocation)
export const stores: ProcessStores = { ...processStores, relay: relayStore, revocation: revocationStore }

const REVOCATION = path.join(__dirname, '..', '..', 'revocation')
const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, name]))
/** A relay has no words: what letters say of it are its names. */
const ofRelay = {
  stages: named(relay.contract.stages),
  ends: named([...relay.contract.ends]),
  tasks: Object.fromEntries(Object.keys(relay.contract.tasks).map((kind) => [kind, { title: kind }])),
}
const read = readWords()
export const words: Words = {
  ...read,
  ...Object.fromEntries(
    LOCALES.map((locale) => [
      locale,
      { ...read[locale], relay: ofRelay, revocation: wordsOf(REVOCATION, locale) ?? {} },
    ]),
  ),
}
