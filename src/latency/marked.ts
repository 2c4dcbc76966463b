import { setTimeout as sleep } from 'node:timers/promises'
import type { LabError } from '../errors.ts'
import type { Signal } from '../util/signal.ts'
import { OPTIONAL, type WhereItDied } from './died.ts'
import { DOORS, type Door, forDoors, SIGNAL_OF } from './door.ts'
import { giveUpLost } from './give-up.ts'
import { openSession, type Session, type SessionEvent, type SessionOptions } from './probe/session.ts'
import type { Sighting } from './sighting.ts'

export interface MarkedOptions extends Omit<SessionOptions, 'onEvent' | 'doors'> {
  probes: number
  /** Sent before those that count, one after the other. */
  warmup: number
  /** Over so long they are spread: a multiple of the slowest clock shows each of its moments as often. */
  spreadMs: number
  random?: () => number
  /** See MeasureOptions. */
  whereItDied?: WhereItDied
  mostMs?: (signal: Signal) => number
  onEvent?: (event: SessionEvent) => void
}

export interface MarkedResult {
  sightings: Record<Door, Sighting[]>
  missing: Record<Door, number>
  superseded: Record<Door, number>
  /** By door and `what`: when the collector had answered. */
  acknowledged: Map<string, number>
  refused: LabError[]
  faults: { door: Door; what: string; fault: string }[]
}

const GOLDEN = (Math.sqrt(5) - 1) / 2

/** Sends marked spans, log lines and measurements and watches for them at every door; no program is needed. */
export async function measureMarked(options: MarkedOptions): Promise<MarkedResult> {
  const { probes, warmup, spreadMs, signal, random = Math.random, onEvent = () => {} } = options
  const result: MarkedResult = {
    sightings: forDoors(() => []),
    missing: forDoors(() => 0),
    superseded: forDoors(() => 0),
    acknowledged: new Map(),
    refused: [],
    faults: [],
  }
  const counts = (sequence: number) => sequence > warmup
  const session = openSession({
    ...options,
    onEvent(event) {
      onEvent(event)
      if (event.type === 'seen') {
        if (!counts(Number(event.sighting.what))) return
        result.sightings[event.door].push(event.sighting)
        if (event.fault) result.faults.push({ door: event.door, what: event.sighting.what, fault: event.fault })
      } else if (event.type === 'sent') {
        for (const door of DOORS) {
          result.acknowledged.set(`${door} ${event.probe.sequence}`, event.acknowledged[SIGNAL_OF[door]])
        }
      } else if (event.type === 'refused') result.refused.push(event.error)
      else if (event.type !== 'requestfailed' && counts(event.probe.sequence)) result[event.type][event.door]++
    },
  })
  const over = new AbortController()
  const givingUp = giveUp(session, options, over.signal)
  try {
    for (let i = 0; i < warmup; i++) await session.send()
    if (warmup > 0) await session.settled()
    const began = options.now()
    const sent: Promise<void>[] = []
    const phase = random()
    for (let i = 0; i < probes; i++) {
      // One in each part of the time, and evenly spread within it too (by the golden ratio, as no clock is): so few
      // probes see each moment of slow and of fast clocks about as often.
      const at = began + ((i + ((phase + i * GOLDEN) % 1)) / probes) * spreadMs
      await sleep(Math.max(0, at - options.now()), undefined, { signal })
      sent.push(session.send())
    }
    await Promise.all(sent)
    await session.settled()
  } finally {
    over.abort()
    await Promise.all([session.close(), givingUp])
  }
  signal.throwIfAborted()
  if (result.refused.length >= probes) throw result.refused[0]!
  return result
}

/** Probes that are known to be lost are not waited for. */
async function giveUp(session: Session, options: MarkedOptions, over: AbortSignal): Promise<void> {
  const { whereItDied, mostMs = () => 0, now } = options
  if (whereItDied === undefined) return
  const startedAt = now()
  const waiting = () => session.waiting().filter(({ door }) => !OPTIONAL.has(door))
  const isOpen = (door: Door) => waiting().some((one) => one.door === door)
  await giveUpLost({
    ...{ now, mostMs, signal: AbortSignal.any([options.signal, over]) },
    open: () => [...new Set(waiting().map(({ door }) => SIGNAL_OF[door]))],
    endedAt: () => {
      const since = waiting().map((one) => one.since)
      return since.length > 0 ? Math.min(...since) : undefined
    },
    diagnose: (what, overdue) =>
      whereItDied({ runId: options.session, startedAt, endedAt: now() }, what, {
        byId: !isOpen('trace-by-id'),
        overdue,
      }),
    giveUp: (what) => session.giveUp(what),
  })
}
