import type { Limits } from '../config/limits.ts'

export interface IngestSettings {
  limits: Limits
  maxChunkAgeMs: number
  now: () => number
}
