import type { Trace, TraceSpan } from '../../backends/trace.ts'
import type { HopName } from '../../diagnosis.ts'

export const STARTS = ['metric', 'trace', 'log'] as const
export type Start = (typeof STARTS)[number]

/** One step of the walk: what was asked, and what it gave. */
export interface ChainStep {
  name: 'metric' | 'exemplar' | 'trace' | 'span' | 'logs'
  /** What was looked for, in words. */
  question: string
  /** To try by hand; the backend that it is put to. */
  query?: { backend: 'prometheus' | 'tempo' | 'loki'; text: string; command: string }
  found: string
  /** Lines to show below: a few values, log lines. */
  lines: string[]
}

/** Why the walk cannot go on, and what to do. */
export interface Break {
  after: ChainStep['name'] | 'start'
  message: string
  /** The hop that does not do its part, where it is known. */
  hop?: HopName
  id?: string
  why: string
  next: string
}

export interface Chain {
  start: Start
  steps: ChainStep[]
  trace?: Trace
  span?: TraceSpan
  /** What it all comes to; absent where the chain broke. */
  diagnosis?: string
  broken?: Break
}

/** Quoted for a shell. */
export const shellQuoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

export const queryOf = (backend: 'prometheus' | 'tempo' | 'loki', text: string) => ({
  backend,
  text,
  command: `otel-lab query ${backend} ${shellQuoted(text)}`,
})
