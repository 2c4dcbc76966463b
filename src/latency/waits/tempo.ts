import { parseDuration } from '../../util/duration.ts'

export interface TempoWaits {
  idle: number
  check: number
  cutoff: number
}

/** Tempo's own defaults where the config says nothing. */
export function tempoWaits(yaml: string): TempoWaits {
  return {
    idle: durationIn(yaml, 'max_trace_idle') ?? 5_000,
    check: durationIn(yaml, 'flush_check_period') ?? 5_000,
    cutoff: durationIn(yaml, 'query_end_cutoff') ?? 30_000,
  }
}

/** These names occur once in a tempo.yaml, whatever else is in it. */
function durationIn(yaml: string, key: string): number | undefined {
  const text = new RegExp(`^[^#\\n]*\\b${key}:\\s*["']?([0-9][\\w.]*)`, 'm').exec(yaml)?.[1]
  return text === undefined ? undefined : parseDuration(text)
}
