import { toMillis } from '../backends/time.ts'
import { type CheckContext, callOf } from './context.ts'

/** What may rightly be read off an attempt for one question, in milliseconds; a learner may have read any of them. */
export interface Reading {
  what: string
  ms: number
}

/** The moments of a watched attempt, from which every answer about time follows. */
export interface Moments {
  started: number
  /** When the root span ended, by the app's clock. */
  processed: number
  exited: number
  byId?: number
  bySearch?: number
}

/** Asks Tempo for the root span. Undefined when the attempt's trace is not there (any more). */
export async function momentsOf({ lab, attempt }: Pick<CheckContext, 'lab' | 'attempt'>): Promise<Moments | undefined> {
  const [id] = attempt.traces
  const trace = id === undefined ? undefined : await lab.backends.tempo.traceById(id, callOf(lab))
  const root = trace?.spans.find(({ parentSpanId }) => parentSpanId === undefined)
  if (root === undefined || root.resource['otel_lab.run.id'] !== attempt.runId) return undefined
  const seen = (way: string) => attempt.sightings.find((one) => one.way === way)?.at
  const byId = seen('by-id')
  const bySearch = seen('by-search')
  return {
    started: attempt.startedAt,
    processed: toMillis(root.endNs),
    exited: attempt.endedAt,
    ...(byId === undefined ? {} : { byId }),
    ...(bySearch === undefined ? {} : { bySearch }),
  }
}

/** The root span's own length, what the app said, and what `time` would have shown around it. */
export async function durationsOf(context: Pick<CheckContext, 'lab' | 'attempt'>): Promise<Reading[]> {
  const { lab, attempt } = context
  const [id] = attempt.traces
  const trace = id === undefined ? undefined : await lab.backends.tempo.traceById(id, callOf(lab))
  const root = trace?.spans.find(({ parentSpanId }) => parentSpanId === undefined)
  if (root === undefined || root.resource['otel_lab.run.id'] !== attempt.runId) return []
  const said = attempt.said.findLast(({ duration, traceId }) => duration !== undefined && traceId === id)?.duration
  return [
    { what: 'its root span', ms: toMillis(root.endNs - root.startNs) },
    ...(said === undefined ? [] : [{ what: 'what the app said', ms: said * 1000 }]),
    { what: 'from its start to its exit', ms: attempt.endedAt - attempt.startedAt },
  ]
}

/** From the end of the processing, or of the process, until the trace was to be seen. */
export function delaysOf({ processed, exited, byId, bySearch }: Moments): Reading[] {
  const readings: Reading[] = []
  for (const [way, at] of [
    ['by id', byId],
    ['by search', bySearch],
  ] as const) {
    if (at === undefined) continue
    readings.push({ what: `end of processing to visible ${way}`, ms: Math.max(0, at - processed) })
    readings.push({ what: `exit of the app to visible ${way}`, ms: Math.max(0, at - exited) })
  }
  return readings
}

const SLACK_MS = 300
const SLACK_SHARE = 0.2

/** Between the smallest and the largest right reading, and a fifth (at least 0.3 s) beyond: people read clocks. */
export function isNear(ms: number, readings: readonly Reading[]): boolean {
  const all = readings.map((one) => one.ms)
  const low = Math.min(...all)
  const high = Math.max(...all)
  return ms >= low - slack(low) && ms <= high + slack(high)
}

/** How far a time that people read off a screen may be off. */
export const slack = (ms: number) => Math.max(SLACK_MS, ms * SLACK_SHARE)
