import type { Passage } from '../engine.ts'
import { DOORS, type Door, forDoors, SIGNAL_OF } from './door.ts'
import { hopsOf } from './hops.ts'
import { newHistogram, observe } from './monitor/histogram.ts'
import type { Published, VisibilityLabels } from './monitor/publish.ts'
import type { SloState } from './monitor/slo.ts'
import type { Acknowledged } from './probe/send.ts'
import type { SessionEvent } from './probe/session.ts'
import type { Sighting } from './sighting.ts'

/** What of each door is remembered for the view and the objectives. */
const KEPT = 600
const MAX_PASSAGES = 4_096
/** A passage may be told of a little after the answer that it led to. */
const SETTLE_MS = 1_500

/** tempo-vulture's names for what does not come back; loki-canary's for lines. */
const MISSING: Record<Door, string> = {
  'trace-by-id': 'notfound_byid',
  'trace-by-search': 'notfound_traceql',
  'trace-by-metrics': 'notfound_metrics',
  logs: 'missing_entries',
  'logs-by-tail': 'missing_entries',
  metrics: 'notfound_metrics',
  'metrics-by-exemplar': 'notfound_exemplar',
}
const FAULTS: Record<string, string> = { duplicate: 'duplicate_entries', outoforder: 'out_of_order_entries' }

export interface DoorState {
  door: Door
  /** In milliseconds, oldest first; Infinity for what never came. */
  outcomes: number[]
  /** Of all that were made: what never came, and what the collector did not take. */
  missing: number
}

export interface Monitor {
  take(event: SessionEvent): void
  /** What the tap has told since; hops of what was seen are made of it. */
  takePassages(passages: readonly Passage[], now: number): void
  doors(now: number): DoorState[]
  /** As `doors`, with what is overdue counted as not come: an objective must not wait for the deadline. */
  states(now: number, limitMs: number): SloState[]
  published(): Published
}

/** Everything that a watch remembers; bounded, however long it goes on. */
export function createMonitor(startedAt: number): Monitor {
  const histograms = new Map<string, Published['visibility'][number]>()
  const errors = new Map<string, Published['errors'][number]>()
  const outcomes = forDoors(() => [] as number[])
  const missing = forDoors(() => 0)
  /** By door, when each probe that is still out was made. */
  const out = forDoors(() => new Map<number, number>())
  /** Came back before the collector's answer to the sender did, as happens on a busy machine. */
  const early = forDoors(() => new Set<number>())
  const acknowledged = new Map<number, Acknowledged>()
  let waiting: Sighting[] = []
  let recent: Passage[] = []
  let byId: Sighting[] = []
  let sent = 0

  const record = (labels: VisibilityLabels, ms: number, { traceId = '', seenAt }: Sighting) => {
    const key = `${labels.door} ${labels.hop}`
    const entry = histograms.get(key) ?? { labels, histogram: newHistogram() }
    histograms.set(key, entry)
    observe(entry.histogram, { value: ms / 1_000, traceId, at: seenAt })
  }
  const count = (error: string, door: Door) => {
    const key = `${error} ${door}`
    const entry = errors.get(key) ?? { labels: { error, door }, count: 0 }
    entry.count++
    errors.set(key, entry)
  }
  const outcome = (door: Door, ms: number) => {
    outcomes[door].push(ms)
    if (outcomes[door].length > KEPT) outcomes[door].shift()
  }
  /** It is out no more; where it was not yet known to be out it must not be taken for overdue for ever. */
  const back = (door: Door, sequence: number) => {
    if (out[door].delete(sequence)) return
    early[door].add(sequence)
    if (early[door].size > KEPT) early[door].delete(early[door].values().next().value!)
  }
  const labelsOf = (door: Door, hop: string) => ({ signal: SIGNAL_OF[door], door, hop })
  const bounded = <T>(list: T[], most: number) => (list.length > most ? list.slice(-most) : list)

  return {
    take(event) {
      if (event.type === 'sent') {
        sent++
        acknowledged.set(event.probe.sequence, event.acknowledged)
        if (acknowledged.size > KEPT) acknowledged.delete(acknowledged.keys().next().value!)
        const { sequence, madeAt } = event.probe
        for (const door of DOORS) if (!early[door].delete(sequence)) out[door].set(sequence, madeAt)
      } else if (event.type === 'seen') {
        const { door, sighting, fault } = event
        back(door, Number(sighting.what))
        outcome(door, sighting.seenAt - sighting.madeAt)
        record(labelsOf(door, 'all'), sighting.seenAt - sighting.madeAt, sighting)
        if (fault) count(FAULTS[fault] ?? fault, door)
        if (door === 'trace-by-id') byId = bounded([...byId, sighting], KEPT)
        waiting = bounded([...waiting, sighting], KEPT)
      } else if (event.type === 'missing') {
        back(event.door, event.probe.sequence)
        missing[event.door]++
        outcome(event.door, Number.POSITIVE_INFINITY)
        count(MISSING[event.door], event.door)
      } else if (event.type === 'superseded') back(event.door, event.probe.sequence)
      else if (event.type === 'requestfailed') count('requestfailed', event.door)
      else {
        // What the collector refuses is missing at every door.
        for (const door of DOORS) {
          missing[door]++
          outcome(door, Number.POSITIVE_INFINITY)
          count('requestfailed', door)
        }
      }
    },
    takePassages(passages, now) {
      recent = bounded([...recent, ...passages], MAX_PASSAGES)
      const ready = waiting.filter(({ seenAt }) => seenAt < now - SETTLE_MS)
      waiting = waiting.filter(({ seenAt }) => seenAt >= now - SETTLE_MS)
      for (const sighting of ready) {
        const others = byId.filter(({ traceId }) => traceId === sighting.traceId)
        const at = acknowledged.get(Number(sighting.what))?.[SIGNAL_OF[sighting.door]]
        const evidence = { passages: recent, others, ...(at === undefined ? {} : { acknowledgedAt: at }) }
        for (const { key, ms } of hopsOf(sighting, evidence)) {
          record(labelsOf(sighting.door, key === 'sdk' ? 'send' : key), ms, sighting)
        }
      }
    },
    doors: () => DOORS.map((door) => ({ door, outcomes: [...outcomes[door]], missing: missing[door] })),
    states: (now, limitMs) =>
      DOORS.map((door) => {
        const overdue = [...out[door].values()].filter((madeAt) => now - madeAt > limitMs)
        return { door, outcomes: [...outcomes[door], ...overdue.map(() => Number.POSITIVE_INFINITY)] }
      }),
    published: () => ({ visibility: [...histograms.values()], errors: [...errors.values()], sent, startedAt }),
  }
}
