import type { Measure } from './measure.ts'

/** The waits that configs and environment prescribe, in milliseconds. Undefined where it is not known. */
export interface Intervals {
  spanDelay: number
  logDelay: number
  metricInterval: number
  batchTimeout: { traces: number; metrics: number; logs: number }
  traceIdle: number
  flushCheck: number
  queryEndCutoff: number
  scrapeInterval: number | undefined
}

interface Wait {
  name: string
  ms: number
  /** A thing comes at any moment of a clock's round, so that it waits half of it on average; others wait it all. */
  kind: 'clock' | 'whole'
}

export interface Budget {
  waits: Wait[]
  mean: number
  max: number
}

/** What these intervals alone make of a latency; what comes on top is work and transport. */
export function budgetOf(measure: Measure, intervals: Intervals): Budget {
  const waits = WAITS[measure](intervals).filter(({ ms }) => ms > 0)
  return {
    waits,
    mean: waits.reduce((sum, { ms, kind }) => sum + (kind === 'clock' ? ms / 2 : ms), 0),
    max: waits.reduce((sum, { ms }) => sum + ms, 0),
  }
}

const clock = (name: string, ms: number): Wait => ({ name, ms, kind: 'clock' })
const whole = (name: string, ms: number): Wait => ({ name, ms, kind: 'whole' })

const untilTempo = (i: Intervals): Wait[] => [
  clock('SDK batch', i.spanDelay),
  clock('collector batch', i.batchTimeout.traces),
]

const WAITS: Record<Measure, (intervals: Intervals) => Wait[]> = {
  'trace-by-id': untilTempo,
  'trace-by-search': (i) => {
    const cut = [whole('max_trace_idle', i.traceIdle), clock('flush_check_period', i.flushCheck)]
    const before = [...untilTempo(i), ...cut]
    const sum = before.reduce((total, { ms }) => total + ms, 0)
    // The cutoff counts from the span's own time: the waits before it pass meanwhile.
    return i.queryEndCutoff > sum ? [whole('query_end_cutoff', i.queryEndCutoff)] : before
  },
  logs: (i) => [clock('SDK batch', i.logDelay), clock('collector batch', i.batchTimeout.logs)],
  metrics: (i) => [
    clock('SDK export', i.metricInterval),
    clock('collector batch', i.batchTimeout.metrics),
    clock('scrape', i.scrapeInterval ?? 0),
  ],
}
