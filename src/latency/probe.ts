import { setMaxListeners } from 'node:events'
import type { Backends } from '../backends.ts'
import type { Measure, Sighting } from './measure.ts'
import type { ObservedRun, Watch } from './watch.ts'
import { watchLogs } from './watch-logs.ts'
import { watchMetrics } from './watch-metrics.ts'
import { watchTracesById, watchTracesBySearch } from './watch-traces.ts'

/** Runs the program once under this run id, giving each line of its output. The workload comes in, we do not know it. */
export type RunProgram = (runId: string, onLine: (line: string) => void) => Promise<{ exitCode: number }>

export interface ProbeOptions {
  backends: Pick<Backends, 'tempo' | 'prometheus' | 'loki'>
  run: RunProgram
  newRunId: () => string
  runs: number
  /** How long after its end a run's telemetry is waited for. */
  deadlineMs: number
  signal: AbortSignal
  /** Milliseconds since the epoch, with fractions. */
  now?: () => number
  onEvent?: (event: ProbeEvent) => void
}

export type ProbeEvent =
  | { type: 'run'; index: number; runId: string }
  | { type: 'ended'; index: number; exitCode: number; traces: number }
  | { type: 'seen'; index: number; measure: Measure; sightings: readonly Sighting[]; complete: boolean }

export interface ProbeResult {
  runs: { runId: string; exitCode: number; complete: boolean }[]
  sightings: Record<Measure, Sighting[]>
  /** In how many runs something of the measure had not come by the deadline. */
  missing: Record<Measure, number>
  metricsFrom: 'exemplar' | 'span'
  /** Of how many traces only a search told the id: by their id they may have been there sooner. */
  lateIds: number
}

/** Sub-millisecond, unlike Date.now. */
const preciseNow = () => performance.timeOrigin + performance.now()

/**
 * Runs the program so often, one after the other, and watches for each run's telemetry in the backends meanwhile.
 * What is slow to come (a scrape) is waited for beside the next runs. Throws LabError when a backend fails for good.
 */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  const { backends, runs, now = preciseNow, onEvent = () => {} } = options
  const result: ProbeResult = {
    runs: [],
    sightings: { 'trace-by-id': [], 'trace-by-search': [], logs: [], metrics: [] },
    missing: { 'trace-by-id': 0, 'trace-by-search': 0, logs: 0, metrics: 0 },
    metricsFrom: 'exemplar',
    lateIds: 0,
  }
  // The first failure ends all watchers.
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  // Every watcher of every run listens to it: many, but they all end.
  setMaxListeners(0, signal)
  const watching: Promise<void>[] = []
  const observedRuns: ObservedRun[] = []
  const guarded = async (work: Promise<void>) =>
    work.catch((error) => {
      failed.abort(error)
      throw error
    })
  try {
    for (let index = 0; index < runs && !signal.aborted; index++) {
      const runId = options.newRunId()
      const observed: ObservedRun = {
        runId,
        startedAt: now(),
        endedAt: undefined,
        traceIds: new Set(),
        lateIds: new Set(),
        lastSpanEnd: undefined,
      }
      observedRuns.push(observed)
      onEvent({ type: 'run', index, runId })
      const entry = { runId, exitCode: 0, complete: true }
      result.runs.push(entry)
      const watch = { signal, now, deadline: () => (observed.endedAt ?? Number.POSITIVE_INFINITY) + options.deadlineMs }
      const take = async (measure: Measure, work: Promise<Watch>) => {
        const { sightings, complete } = await work
        result.sightings[measure].push(...sightings)
        if (!complete) {
          result.missing[measure]++
          entry.complete = false
        }
        onEvent({ type: 'seen', index, measure, sightings, complete })
      }
      const metrics = watchMetrics(backends.prometheus, observed, watch).then((found) => {
        if (found.from === 'span') result.metricsFrom = 'span'
        return found
      })
      const watchers = [
        take('trace-by-id', watchTracesById(backends.tempo, observed, watch)),
        take('trace-by-search', watchTracesBySearch(backends.tempo, observed, watch)),
        take('logs', watchLogs(backends.loki, observed, watch)),
        take('metrics', metrics),
      ].map(guarded)
      watching.push(...watchers)
      // Awaited at the end; a failure before that must not count as unhandled.
      for (const watcher of watchers) watcher.catch(() => {})
      const { exitCode } = await options.run(runId, (line) => {
        for (const id of traceIdsIn(line)) observed.traceIds.add(id)
      })
      observed.endedAt = now()
      entry.exitCode = exitCode
      onEvent({ type: 'ended', index, exitCode, traces: observed.traceIds.size })
    }
    await Promise.all(watching)
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(watching)
    throw error
  }
  signal.throwIfAborted()
  result.lateIds = observedRuns.reduce((sum, { lateIds }) => sum + lateIds.size, 0)
  return result
}

/** A program that logs its trace ids, as structured logs do, lets us ask for them before a search can find them. */
function traceIdsIn(line: string): string[] {
  return [...line.matchAll(/trace[_.-]?id\W{1,5}([0-9a-f]{32})(?![0-9a-f])/gi)].map((match) => match[1]!.toLowerCase())
}
