/** What is measured: from the moment of its making until it can be queried there. */
export const MEASURES = ['trace-by-id', 'trace-by-search', 'logs', 'metrics'] as const
export type Measure = (typeof MEASURES)[number]

/** One thing that became visible. All in milliseconds, times since the epoch. */
export interface Sighting {
  /** Trace id, log line or series: whatever names it. */
  what: string
  /** When it was made: the end of the span, the log's time, the metric's recording. */
  madeAt: number
  /** When it was first in an answer. */
  seenAt: number
  /** Since the last look that did not show it: by so much it may have been visible earlier. */
  stepMs: number
}
