import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Diagnosis, DiagnosisPorts, ObservedRun, Signal } from './contract.ts'
import { diagnose } from './diagnose.ts'

/** What is not there so long after the end is not coming; what waits for its clock (a scrape) is waited for. */
const LEAST_MS = 8_000
const MOST_MS = 75_000
const POLL_MS = 250
/** Something may look broken while it is on its way; what still does so later is. */
const SURE_MS = 2_500

/** Found at the far end, whole, by its query, and nothing to be mended on the way. */
export const isWell = ({ arrived, broken, held }: Diagnosis) =>
  arrived === true && broken === undefined && held === undefined

/** Asks again and again until it is there, or is known to be lost, or has had its time. */
export async function settle(ports: DiagnosisPorts, run: ObservedRun, signal: Signal): Promise<Diagnosis> {
  const now = ports.now ?? Date.now
  const call = ports.signal ? { signal: ports.signal } : {}
  const began = now()
  // Every question listens to it: many, but they all end.
  if (ports.signal) setMaxListeners(0, ports.signal)
  let deadline = run.endedAt + LEAST_MS
  while (true) {
    const diagnosis = await diagnose(ports, run, signal)
    const { broken, held } = diagnosis
    const age = now() - run.endedAt
    if (held?.waitMs !== undefined) {
      deadline = Math.min(began + MOST_MS, Math.max(deadline, now() + held.waitMs + LEAST_MS / 2))
    }
    const sure = broken !== undefined && !broken.mayPass && age > SURE_MS
    if (isWell(diagnosis) || sure || now() >= deadline) return diagnosis
    await sleep(Math.max(POLL_MS, Math.min(1_000, age / 4)), undefined, call)
  }
}
