import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Backends } from '../backends.ts'
import type { Tap } from '../engine.ts'
import { SIGNALS, type Signal } from '../util/signal.ts'
import { OPTIONAL, type WhereItDied } from './died.ts'
import { DOORS, type Door, forDoors, SIGNAL_OF } from './door.ts'
import { type CameIn, followTap } from './follow-tap.ts'
import { giveUpLost } from './give-up.ts'
import type { Sighting } from './sighting.ts'
import { isOver, type ObservedRun, type Watch, type WatchOptions } from './watch.ts'
import { watchLogs, watchTail } from './watch-logs.ts'
import { watchExemplars, watchMetrics } from './watch-metrics.ts'
import { watchTracesById, watchTracesByMetrics, watchTracesBySearch } from './watch-traces.ts'

/** Runs the program once under this run id, giving each line of its output. The workload comes in, we do not know it. */
export type RunProgram = (runId: string, onLine: (line: string) => void) => Promise<{ exitCode: number }>

export interface MeasureOptions {
  backends: Pick<Backends, 'tempo' | 'prometheus' | 'loki'>
  run: RunProgram
  newRunId: () => string
  runs: number
  /** Of them the first, which warm caches and connections up and are not counted. */
  warmup?: number
  /** How long after its end a run's telemetry is waited for. */
  deadlineMs: number
  /** How long the collector may keep what a program sent last, before its page for Prometheus has it. */
  settleMs?: number
  /** How long traces may take to be found by a search; nobody may know their ids before. */
  searchMs?: number
  /** How long the collector may keep traces. */
  collectorMs?: number
  /** Looks inside the collector: what came in, and of what nothing did. */
  tap?: Tap
  /** Where a signal of a run was lost; without it what is lost is waited for until the deadline. */
  whereItDied?: WhereItDied
  /** How long after a run's end each signal may take by the waits of the configs. */
  mostMs?: (signal: Signal) => number
  signal: AbortSignal
  /** Milliseconds since the epoch, with fractions. */
  now?: () => number
  onEvent?: (event: ProbeEvent) => void
}

export type ProbeEvent =
  | { type: 'run'; index: number; runId: string; warmup: boolean }
  | { type: 'ended'; index: number; exitCode: number; traces: number }
  | { type: 'sighting'; index: number; sighting: Sighting }
  | { type: 'seen'; index: number; door: Door; sightings: readonly Sighting[]; complete: boolean }

export interface MeasuredRun {
  runId: string
  exitCode: number
  complete: boolean
  startedAt: number
  endedAt: number
}

export interface Measured {
  /** Without the warm-up. */
  runs: MeasuredRun[]
  sightings: Record<Door, Sighting[]>
  /** In how many runs something that the door shows had not come by the deadline. */
  missing: Record<Door, number>
  /** Of how many traces only a search told the id: by their id they may have been there sooner. */
  lateIds: number
  /** Signals of which the program sent nothing, as far as the collector knows. */
  silent: Set<Signal>
  /** What each run said, by its id: lines at its end, and the traces that it named. */
  said: Map<string, { output: readonly string[]; traceIds: readonly string[] }>
}

/** Of what a program says. */
const KEPT_LINES = 50

/** Sub-millisecond, unlike Date.now. */
export const preciseNow = () => performance.timeOrigin + performance.now()

/**
 * Runs the program so often, one after the other, and watches for each run's telemetry in the backends meanwhile.
 * What is slow to come (a scrape) is waited for beside the next runs. Throws LabError when a backend fails for good.
 */
export async function measureRuns(options: MeasureOptions): Promise<Measured> {
  const {
    backends,
    runs,
    warmup = 0,
    now = preciseNow,
    onEvent = () => {},
    settleMs = 1_000,
    searchMs = 0,
    collectorMs = 0,
    tap,
  } = options
  const result: Measured = {
    runs: [],
    sightings: forDoors(() => []),
    missing: forDoors(() => 0),
    lateIds: 0,
    silent: new Set(),
    said: new Map(),
  }
  // The first failure ends all watchers.
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  // Every watcher of every run listens to it: many, but they all end.
  setMaxListeners(0, signal)
  const watching: Promise<void>[] = []
  const tapping: Promise<void>[] = []
  const counted: ObservedRun[] = []
  const least = new Map<Door, number>()
  const floor: WatchOptions['floor'] = (door) => (least.get(door) ?? 0) / 2
  const guarded = async (work: Promise<void>) =>
    work.catch((error) => {
      failed.abort(error)
      throw error
    })
  try {
    for (let index = 0; index < runs + warmup && !signal.aborted; index++) {
      const runId = options.newRunId()
      const observed: ObservedRun = {
        runId,
        startedAt: now(),
        endedAt: undefined,
        traceIds: new Set(),
        lateIds: new Set(),
        lastSpanEnd: undefined,
        leaving: tap ? new Set() : undefined,
        silent: new Set(),
        lost: new Set(),
        onSighting: (sighting) => onEvent({ type: 'sighting', index, sighting }),
      }
      const output: string[] = []
      const open = new Set<Door>(DOORS.filter((door) => !OPTIONAL.has(door)))
      const counts = index >= warmup
      onEvent({ type: 'run', index, runId, warmup: !counts })
      const entry: MeasuredRun = { runId, exitCode: 0, complete: true, startedAt: now(), endedAt: now() }
      if (counts) result.runs.push(entry)
      const watch = {
        signal,
        now,
        floor,
        settleMs,
        explained: options.whereItDied !== undefined,
        quietMs: tap ? TAP_QUIET_MS + collectorMs : searchMs,
        deadline: () => (observed.endedAt ?? Number.POSITIVE_INFINITY) + options.deadlineMs,
      }
      const take = async (door: Door, work: Promise<Watch>) => {
        const { sightings, complete } = await work
        open.delete(door)
        for (const { seenAt, madeAt } of sightings) {
          least.set(door, Math.min(least.get(door) ?? Number.POSITIVE_INFINITY, seenAt - madeAt))
        }
        if (counts) {
          result.sightings[door].push(...sightings)
          const silent = observed.silent.has(SIGNAL_OF[door])
          if (silent) result.silent.add(SIGNAL_OF[door])
          if (!complete && !silent) result.missing[door]++
          if (!complete && !silent && !OPTIONAL.has(door)) entry.complete = false
        }
        onEvent({ type: 'seen', index, door, sightings, complete })
      }
      const watchers = watchersOf(backends, observed, watch).map(([door, work]) => guarded(take(door, work)))
      watching.push(...watchers)
      if (tap) {
        const over = new AbortController()
        void Promise.allSettled(watchers).then(() => over.abort())
        tapping.push(followRun(tap, observed, { now, signal: AbortSignal.any([signal, over.signal]) }))
      }
      const { whereItDied } = options
      if (whereItDied) {
        const over = new AbortController()
        void Promise.allSettled(watchers).then(() => over.abort())
        tapping.push(
          giveUpLost({
            ...{ now, signal: AbortSignal.any([signal, over.signal]), mostMs: options.mostMs ?? (() => 0) },
            open: () => [...new Set([...open].map((door) => SIGNAL_OF[door]))].filter((one) => !isOver(observed, one)),
            endedAt: () => observed.endedAt,
            diagnose: (what, overdue) =>
              whereItDied({ ...entry, output, traceIds: [...observed.traceIds] }, what, {
                byId: !open.has('trace-by-id'),
                overdue,
              }),
            giveUp: (what) => observed.lost.add(what),
          }),
        )
      }
      // Awaited at the end; a failure before that must not count as unhandled.
      for (const watcher of watchers) watcher.catch(() => {})
      const { exitCode } = await options.run(runId, (line) => {
        output.push(line)
        if (output.length > KEPT_LINES) output.shift()
        for (const id of traceIdsIn(line)) observed.traceIds.add(id)
      })
      observed.endedAt = now()
      Object.assign(entry, { exitCode, endedAt: observed.endedAt })
      if (counts) result.said.set(runId, { output, traceIds: [...observed.traceIds] })
      onEvent({ type: 'ended', index, exitCode, traces: observed.traceIds.size })
      if (counts) counted.push(observed)
      // The next one must find everything warm.
      else await Promise.all(watchers)
    }
    await Promise.all(watching)
    await Promise.all(tapping)
  } catch (error) {
    failed.abort(error)
    await Promise.allSettled(watching)
    throw error
  }
  signal.throwIfAborted()
  result.lateIds = counted.reduce((sum, { lateIds }) => sum + lateIds.size, 0)
  return result
}

/** How soon after its end everything that a program sent is known to the tap. */
const TAP_QUIET_MS = 700
/** A signal of which nothing came in so long after the end is not sent at all. */
const SILENT_MS = 2_000

async function followRun(
  tap: Tap,
  run: ObservedRun,
  { now, signal }: { now: () => number; signal: AbortSignal },
): Promise<void> {
  const came: CameIn = { traceIds: run.traceIds, leaving: run.leaving ?? new Set(), signals: new Set() }
  const judging = (async () => {
    while (!signal.aborted) {
      await sleep(200, undefined, { signal }).catch(() => {})
      // If nothing came at all, the way is broken: that is for the deadline to tell.
      if (run.endedAt === undefined || now() < run.endedAt + SILENT_MS || came.signals.size === 0) continue
      for (const what of SIGNALS) if (!came.signals.has(what)) run.silent.add(what)
    }
  })()
  await Promise.all([followTap(tap, run.runId, came, signal), judging])
}

function watchersOf(
  { tempo, prometheus, loki }: MeasureOptions['backends'],
  run: ObservedRun,
  watch: WatchOptions & { settleMs: number },
): [Door, Promise<Watch>][] {
  const works: Record<Door, Promise<Watch>> = {
    'trace-by-id': watchTracesById(tempo, run, watch),
    'trace-by-search': watchTracesBySearch(tempo, run, watch),
    'trace-by-metrics': watchTracesByMetrics(tempo, run, watch),
    logs: watchLogs(loki, run, watch),
    'logs-by-tail': watchTail(loki, run, watch),
    metrics: watchMetrics(prometheus, run, watch),
    'metrics-by-exemplar': watchExemplars(prometheus, run, watch),
  }
  return DOORS.map((door) => [door, works[door]])
}

/** A program that logs its trace ids, as structured logs do, lets us ask for them before a search can find them. */
function traceIdsIn(line: string): string[] {
  return [...line.matchAll(/trace[_.-]?id\W{1,5}([0-9a-f]{32})(?![0-9a-f])/gi)].map((match) => match[1]!.toLowerCase())
}
