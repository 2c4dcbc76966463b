import { setTimeout as sleep } from 'node:timers/promises'
import type { ExerciseLab, VisibleSignal } from './lab.ts'

/** As often as a bare client would ask that does nothing else; see test/bench/verdict.ts. */
const EVERY_MS = 40

/**
 * Asks until there is an answer or the signal's deadline has come, saying what it waits for. `giveUp` is asked
 * now and then while nothing comes: what it gives ends the waiting, for what cannot come is not waited for.
 */
export async function waitFor<T>(
  lab: ExerciseLab,
  options: { signal: VisibleSignal; what: string; everyMs?: number; atMostMs?: number },
  ask: () => Promise<T | undefined>,
  giveUp?: () => Promise<boolean>,
): Promise<T | undefined> {
  const began = lab.now()
  const deadline = began + Math.min(options.atMostMs ?? Number.POSITIVE_INFINITY, lab.deadline(options.signal))
  let nextDoubt = began + FIRST_DOUBT_MS
  try {
    while (true) {
      lab.signal?.throwIfAborted()
      const answer = await ask()
      if (answer !== undefined) return answer
      const now = lab.now()
      if (now >= deadline) return undefined
      if (giveUp && now >= nextDoubt) {
        if (await giveUp()) return undefined
        nextDoubt = lab.now() + DOUBT_MS
      }
      lab.onWait(`waiting for ${options.what} - ${seconds(now - began)} of at most ${seconds(deadline - began)}`)
      const pause = Math.max(1, Math.min(options.everyMs ?? EVERY_MS, deadline - now))
      await sleep(pause, undefined, lab.signal ? { signal: lab.signal } : {})
    }
  } finally {
    lab.onWait(undefined)
  }
}

/** Long enough for what is only on its way: an SDK's batch, the collector's, Tempo's cut. */
const FIRST_DOUBT_MS = 2_500
const DOUBT_MS = 1_500

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
