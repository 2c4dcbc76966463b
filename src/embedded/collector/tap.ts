import { requestToJson } from '../../otlp/json.ts'
import type { Passed, TapNotes, TapQuery } from './tap/notes.ts'
import { createRing } from './tap/ring.ts'
import { createSummaries } from './tap/summary.ts'

export interface CollectorTap extends TapNotes {
  passages(query: TapQuery): Passed[]
  /** Nothing that passed since then is forgotten. */
  rememberedFrom(): number
  payload(seq: number): { format: string; text: string } | undefined
}

/** It outlives the collector, so that a restart of that forgets nothing. `now` is in milliseconds, with fractions. */
export function createTap({ now = () => performance.timeOrigin + performance.now() } = {}): CollectorTap {
  const summaryOf = createSummaries()
  const ring = createRing(now(), summaryOf)
  const refusals = new WeakSet<object>()

  const note: TapNotes['note'] = (place, step, payload, details = {}) => {
    const { more: _, ...summary } = summaryOf(payload)
    const cameAs = place.kind === 'receiver' ? summary.runIds : (payload.delivery.runs ?? NONE)
    ring.add({ ...place, ...details, step, at: now(), ...summary, cameAs: [...cameAs] }, payload)
  }
  return {
    note,
    refuse(place, payload, error) {
      if (typeof error !== 'object' || error === null || refusals.has(error)) return
      refusals.add(error)
      note(place, 'refused', payload, { said: (error as Error).message })
    },
    fetched(place, { text, samples, peer, runs }) {
      const runIds = runs.filter((run) => text.includes(run))
      const rest = { items: samples, bytes: text.length, runIds, byRun: {}, traceIds: [], services: [] }
      ring.add({ ...place, step: 'sent', peer, at: now(), ...rest, cameAs: [...runs] }, text)
    },
    runsOf: (payload) => summaryOf(payload).runIds,
    passages: ring.find,
    rememberedFrom: ring.from,
    payload(seq) {
      const held = ring.held(seq)
      if (held === undefined) return undefined
      if (typeof held === 'string') return { format: 'exposition', text: held }
      return { format: 'OTLP/JSON', text: JSON.stringify(requestToJson(held.signal, held.data as never)) }
    },
  }
}

const NONE: readonly string[] = []
