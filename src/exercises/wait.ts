import { setTimeout as sleep } from 'node:timers/promises'
import type { ExerciseLab, VisibleSignal } from './lab.ts'

const EVERY_MS = 150

/** Asks until there is an answer or the signal's deadline has come, saying what it waits for. */
export async function waitFor<T>(
  lab: ExerciseLab,
  options: { signal: VisibleSignal; what: string; everyMs?: number },
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const began = lab.now()
  const deadline = began + lab.deadline(options.signal)
  try {
    while (true) {
      lab.signal?.throwIfAborted()
      const answer = await ask()
      if (answer !== undefined) return answer
      const now = lab.now()
      if (now >= deadline) return undefined
      lab.onWait(`waiting for ${options.what} - ${seconds(now - began)} of at most ${seconds(deadline - began)}`)
      await sleep(Math.min(options.everyMs ?? EVERY_MS, deadline - now), undefined, abortable(lab.signal))
    }
  } finally {
    lab.onWait(undefined)
  }
}

const abortable = (signal: AbortSignal | undefined) => (signal ? { signal } : {})

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`
