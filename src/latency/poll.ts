import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../errors.ts'

export interface PollOptions {
  stepMs: number
  /** On the clock of `now`; a function, because it may become known only later. */
  deadline: () => number
  signal: AbortSignal
  now: () => number
}

/**
 * Looks until `look` says done; false when the deadline came first. `look` is told when the look before it began.
 * A backend that fails now and then is asked again: a measurement outlives a restart.
 */
export async function poll(options: PollOptions, look: (sinceMs: number) => Promise<boolean>): Promise<boolean> {
  const { stepMs, deadline, signal, now } = options
  let before = now()
  let fault: unknown
  while (true) {
    signal.throwIfAborted()
    const began = now()
    try {
      if (await look(before)) return true
      fault = undefined
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      fault = error
    }
    before = began
    if (now() >= deadline()) {
      if (fault !== undefined) throw fault
      return false
    }
    await sleep(Math.max(1, stepMs - (now() - began)), undefined, { signal })
  }
}
