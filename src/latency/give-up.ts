import { setTimeout as sleep } from 'node:timers/promises'
import type { Diagnosis } from '../diagnosis.ts'
import type { Signal } from '../util/signal.ts'

/** Something may look broken while it is on its way; what looks so twice, this long after the end, is. */
const SURE_MS = 2_500
/** What may come up by itself, such as a backend that starts, gets so long. */
const MAY_PASS_MS = 8_000
const EVERY_MS = 1_000

export interface Awaited {
  /** Signals that something is still waited for. */
  open(): readonly Signal[]
  /** Undefined while it goes on. */
  endedAt(): number | undefined
  /** How long after the end each signal may take by the waits of the configs. */
  mostMs(signal: Signal): number
  diagnose(signal: Signal, overdue: boolean): Promise<Diagnosis>
  giveUp(signal: Signal): void
  now(): number
  signal: AbortSignal
}

/** A permanent fault is not slow: what is known to be lost is waited for no longer than it takes to be sure. */
export async function giveUpLost(awaited: Awaited): Promise<void> {
  const { signal, now } = awaited
  const before = new Map<Signal, string>()
  while (!signal.aborted) {
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {})
    const endedAt = awaited.endedAt()
    if (signal.aborted || endedAt === undefined || now() < endedAt + SURE_MS) continue
    for (const what of awaited.open()) {
      const overdue = now() > endedAt + awaited.mostMs(what) + SURE_MS
      const found = await awaited.diagnose(what, overdue).catch(() => undefined)
      if (signal.aborted) return
      const { broken, arrived } = found ?? {}
      // Some of it is there and the rest may follow: it is given its time.
      const hopeless = broken && (!broken.mayPass || now() > endedAt + MAY_PASS_MS)
      const certain = hopeless && (arrived !== true || overdue)
      const key = certain ? `${broken.hop} ${broken.id} ${broken.fault}` : ''
      if (certain && before.get(what) === key) awaited.giveUp(what)
      before.set(what, key)
    }
  }
}
