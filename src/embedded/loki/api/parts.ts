import type { Limits } from '../config/limits.ts'
import type { IngestCounts } from '../ingest/ingest.ts'
import type { Logql } from '../logql/logql.ts'
import type { LogStore } from '../store.ts'

/** What the query endpoints work with. */
export interface AppParts {
  store: LogStore
  logql: Logql
  limits: Limits
  counts: IngestCounts
  configText: string
  ready: () => { ready: boolean; why: string }
  now: () => number
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}
