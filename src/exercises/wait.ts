import { pollFor } from '../latency.ts'
import type { ExerciseLab, VisibleSignal } from './lab.ts'

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
  const usual = lab.usual?.(options.signal)
  const habit = usual === undefined ? '' : `; usually ${seconds(usual)} in this lab`
  let nextDoubt = began + FIRST_DOUBT_MS
  try {
    const found = await pollFor<{ answer: T } | 'gave up'>(
      {
        now: lab.now,
        deadline: () => deadline,
        age: () => lab.now() - began,
        ...(options.everyMs === undefined ? {} : { leastMs: options.everyMs }),
        ...(lab.signal ? { signal: lab.signal } : {}),
        onWait() {
          const spent = seconds(lab.now() - began)
          lab.onWait(`waiting for ${options.what} - ${spent} of at most ${seconds(deadline - began)}${habit}`)
        },
      },
      async () => {
        const answer = await ask()
        if (answer !== undefined) return { answer }
        if (giveUp === undefined || lab.now() < nextDoubt) return undefined
        if (await giveUp()) return 'gave up'
        nextDoubt = lab.now() + DOUBT_MS
        return undefined
      },
    )
    return found === undefined || found.answer === 'gave up' ? undefined : found.answer.answer
  } finally {
    lab.onWait(undefined)
  }
}

/** Long enough for what is only on its way: an SDK's batch, the collector's, Tempo's cut. */
const FIRST_DOUBT_MS = 2_500
const DOUBT_MS = 1_500

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
