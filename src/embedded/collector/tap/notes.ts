import type { Signal } from '../../../otlp/types.ts'
import type { Payload } from '../payload.ts'
import type { Summary } from './summary.ts'

/** Where in the collector; see `Passage` in src/engine.ts, of which this is the other side. */
export interface Place {
  signal: Signal
  kind: 'receiver' | 'processor' | 'connector' | 'exporter'
  id: string
  pipeline?: string
  protocol?: string
  peer?: string
}

export type Step = 'in' | 'out' | 'sent' | 'retrying' | 'failed' | 'refused'

export interface Details {
  bytes?: number
  said?: string
  rejected?: number
  peer?: string
  sender?: number[]
}

export interface Passed extends Place, Details, Omit<Summary, 'more'> {
  seq: number
  at: number
  step: Step
  cameAs: string[]
}

export interface TapQuery {
  after?: number
  since?: number
  runId?: string
  traceId?: string
  kind?: string
  id?: string
  limit?: number
}

/** What the components tell of what passes them. It costs one look at each payload, whatever it passes. */
export interface TapNotes {
  note(place: Place, step: Step, payload: Payload, details?: Details): void
  /** A refusal travels back through all that stand before: only the first that sees it is told of. */
  refuse(place: Place, payload: Payload, error: unknown): void
  /** A page that somebody fetched. `runs` are those whose data it is made of. */
  fetched(place: Place, page: { text: string; samples: number; peer: string; runs: readonly string[] }): void
  /** The run ids of a payload, for its delivery to keep. */
  runsOf(payload: Payload): string[]
}

/** For a collector that nobody looks into. */
export const NO_TAP: TapNotes = { note() {}, refuse() {}, fetched() {}, runsOf: () => [] }
