import type { TracesData } from '../../../otlp/types.ts'
import type { Parse } from '../traceql/parse.ts'
import type { TraceSource } from '../traceql/source.ts'

/** What query_frontend says in tempo.yaml. */
export interface QuerySettings {
  /** All in milliseconds. */
  queryEndCutoff: number
  queryBackendAfter: number
  maxSearchDuration: number
  maxMetricsDuration: number
  defaultLimit: number
  maxLimit: number
  maxSpansPerSpanSet: number
  /** A query may not run longer. */
  timeout: number
}

/** What the HTTP API stands on. */
export interface AppParts {
  source: TraceSource
  find(id: string): Promise<TracesData | undefined>
  parse: Parse
  settings: QuerySettings
  ready(): boolean
  configText: string
  /** What the store holds, and what came in. */
  stats(): Record<string, number>
  /** Milliseconds since the epoch. */
  now(): number
}
