/** The register as cases see it: in a rehearsal, as the cases of its set have left it. */
import type { QuestionSet } from '../../workflows/kernel/protocol/activities'
import { annul } from './annulments'
import type { Db, Sql } from './db'
import {
  askRegister,
  askRegisterWithin,
  doOnAmong,
  suspend,
  takeBackAmong,
  type Asked,
  type EffectStores,
  type RehearsalSet,
} from './effects'
import { hold } from './holds'
import { effectsOfAll, type ProcessStores } from './process-store'

/** How everything that cases do is done: the effects of the processes, and the kernel's own. */
export function allEffects(stores: ProcessStores): EffectStores {
  const all: EffectStores = {
    ...{ ...effectsOfAll(stores), hold, annul, suspend },
    ...{ takeBack: takeBackAmong(() => all), doOn: doOnAmong(() => all) },
  }

  return all
}

/** Asks the register as a case of that set sees it; null: as it is. */
export const askInSet = <T>(
  { db, stores }: { readonly db: Db; readonly stores: ProcessStores },
  set: QuestionSet | null,
  ask: (asked: Asked) => Promise<T>,
): Promise<T> => (set === null ? ask({ sql: db.sql }) : askRegister(db, allEffects(stores), set, ask))

/** The same within a transaction that does nothing else meanwhile. */
export const askInSetWithin = <T>(
  tx: Sql,
  stores: ProcessStores,
  set: RehearsalSet,
  ask: () => Promise<T>,
): Promise<T> => askRegisterWithin(tx, allEffects(stores), set, ask)
