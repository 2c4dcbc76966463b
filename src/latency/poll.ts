import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../errors.ts'
import type { Look } from './sighting.ts'

export interface PollOptions {
  /** On the clock of `now`; a function, because it may become known only later. */
  deadline: () => number
  signal?: AbortSignal
  now: () => number
  /** How old the youngest thing is that may show itself now, in milliseconds: the step follows it. */
  age: () => number
  /** Told before each wait. */
  onWait?: () => void
  /** Never asks more often than this. */
  leastMs?: number
  /** A backend that fails is asked again until the deadline: a measurement outlives a restart. Else its error ends it. */
  patient?: boolean
  /** Told of a backend that fails. */
  onFault?: (error: LabError) => void
  /** Ends it after a failure, when there is nothing left to look for. */
  isDone?: () => boolean
}

/** The step's share of the age: what is seen then is known to half of it, two per cent. */
const SHARE = 0.04
const LEAST_MS = 15
const MOST_MS = 1_000
/** A backend that is slow to answer is left alone for longer: at most a fourth of the time is spent asking. */
const REST = 3

/**
 * Asks until `take` has enough; false when the deadline came first. It asks often while what it waits for is young,
 * and ever more seldom.
 */
export async function poll<T>(
  options: PollOptions,
  ask: () => Promise<T>,
  take: (answer: T, look: Look) => boolean | Promise<boolean>,
): Promise<boolean> {
  const { deadline, signal, now, age, onWait, onFault, isDone, patient = false, leastMs = LEAST_MS } = options
  let before: number | undefined
  while (true) {
    signal?.throwIfAborted()
    const began = now()
    let fault: unknown
    try {
      const answer = await ask()
      if (await take(answer, { before, began, ended: now() })) return true
    } catch (error) {
      if (!(error instanceof LabError) || !patient) throw error
      fault = error
      onFault?.(error)
      if (isDone?.()) return true
    }
    const ended = now()
    // What a failed look would have shown is not known.
    if (fault === undefined) before = began
    if (ended >= deadline()) {
      if (fault !== undefined) throw fault
      return false
    }
    onWait?.()
    const step = Math.max(leastMs, REST * (ended - began), Math.min(MOST_MS, SHARE * age()))
    await sleep(Math.max(1, Math.min(step - (ended - began), deadline() - ended)), undefined, signal ? { signal } : {})
  }
}

/** Asks until there is an answer: its moment, or undefined when the deadline came first. */
export async function pollFor<T>(
  options: PollOptions,
  ask: () => Promise<T | undefined>,
): Promise<{ answer: T; at: number; lastMiss?: number } | undefined> {
  let found: { answer: T; at: number; lastMiss?: number } | undefined
  await poll(options, ask, (answer, { before, ended }) => {
    if (answer === undefined) return false
    found = { answer, at: ended, ...(before === undefined ? {} : { lastMiss: before }) }
    return true
  })
  return found
}
