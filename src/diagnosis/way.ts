import type { Passage } from '../engine.ts'
import type { Source } from './contract.ts'
import type { Facts } from './facts.ts'
import { setting } from './settings.ts'

/** How much of a passage is the run's: by its run id, or, where that was taken away, by how it came in. */
export function mineOf(passage: Passage, { runId, traceIds = [] }: Facts['run']): number {
  const { byRun, cameAs, items, traceIds: carried } = passage
  const tagged = byRun[runId] ?? 0
  if (tagged > 0) return tagged
  const bare = byRun[''] ?? 0
  if (cameAs.includes(runId)) return cameAs.length === 1 ? items : bare
  // It never had its run id; only its traces tell.
  const others = carried.filter((id) => !traceIds.includes(id))
  return bare > 0 && others.length === 0 && carried.length > 0 ? bare : 0
}

export interface Tally {
  in: number
  out: number
  sent: number
  retrying: number
  failed: number
  refused: number
  rejected: number
  /** Of those that came and went: with the run's id on them. */
  taggedIn: number
  taggedOut: number
  /** The newest words of each kind. */
  said: Partial<Record<Passage['step'], string>>
  lastIn?: number
  last?: Passage['step']
  passages: Passage[]
}

/** What of the run was seen at one place. */
export function tallyAt(facts: Facts, place: { kind: Passage['kind']; id: string; pipeline?: string }): Tally {
  const passages = (facts.tap?.all ?? []).filter(
    (one) =>
      one.kind === place.kind &&
      one.id === place.id &&
      (place.kind === 'connector' || one.signal === facts.signal) &&
      (place.pipeline === undefined || one.pipeline === undefined || one.pipeline === place.pipeline),
  )
  const tally: Tally = {
    ...{ in: 0, out: 0, sent: 0, retrying: 0, failed: 0, refused: 0, rejected: 0, taggedIn: 0, taggedOut: 0 },
    said: {},
    passages,
  }
  for (const one of passages) {
    const mine = one.protocol === 'HTTP, scraped' && one.step === 'sent' ? 0 : mineOf(one, facts.run)
    tally[one.step] += mine
    tally.rejected += mine > 0 ? (one.rejected ?? 0) : 0
    const tagged = one.byRun[facts.run.runId] ?? 0
    if (one.step === 'in') {
      tally.taggedIn += tagged
      tally.lastIn = one.at
    }
    if (one.step === 'out') tally.taggedOut += tagged
    if (mine > 0) {
      tally.last = one.step
      if (one.said !== undefined) tally.said[one.step] = one.said
    }
  }
  return tally
}

/** Whether it came to the collector's door; undefined when nothing tells. */
export function reachedDoor(facts: Facts): boolean | undefined {
  const { tap, arrival, run } = facts
  if (arrival.found || arrival.disguised) return true
  if (tap === undefined) {
    // Nothing at all came, so nothing of it did; that something came says nothing.
    const accepted = acceptedOf(facts)
    return accepted === 0 ? false : undefined
  }
  if (tap.passages.some((one) => mineOf(one, run) > 0)) return true
  return tap.whole ? false : undefined
}

/** Who knows that it came to the door. */
export const seenBy = ({ tap }: Facts): Source => (tap && tap.passages.length > 0 ? 'tap' : 'backend')

/** What receivers took of the signal since the run began, whoever's; undefined when that is not known. */
export function acceptedOf({ counters, signal }: Facts): number | undefined {
  if (counters === undefined) return undefined
  return counters
    .filter((one) => one.kind === 'receiver' && one.signal === signal)
    .reduce((sum, { accepted }) => sum + accepted, 0)
}

/** Its trace came without its root, which no program before it has. */
export function isRootless({ signal, arrival, run }: Facts): boolean {
  const { tops } = arrival
  const orphaned = tops.length > 0 && tops.every(({ parentSpanId }) => parentSpanId !== undefined)
  return signal === 'traces' && orphaned && setting(run.env, 'TRACEPARENT') === undefined
}

const WORDS = { traces: ['span', 'spans'], metrics: ['data point', 'data points'], logs: ['log record', 'log records'] }

export const itemsOf = (signal: Facts['signal'], count: number) => `${count} ${WORDS[signal]![count === 1 ? 0 : 1]}`
