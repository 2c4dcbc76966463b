import { setTimeout as sleep } from 'node:timers/promises'
import type { Backends } from '../backends.ts'
import type { Engine } from '../engine.ts'
import { SIGNALS, type Signal } from '../util/signal.ts'
import type { Fault } from './catalog.ts'

export { SIGNALS, type Signal } from '../util/signal.ts'

/** A run of neuro-preprocess, as far as its telemetry is looked for. */
export interface FoundRun {
  runId: string
  startedAt: number
  endedAt: number
  /** Trace ids that it named itself. */
  traces: readonly string[]
}

interface FarEnd {
  engine: Pick<Engine, 'logs'>
  backends: Backends
}

type Loses = Fault['loses']

/** Whether a signal of a run came out as it should: complete, under its names, by each way of asking. */
export async function isWhole(at: FarEnd, run: FoundRun, signal: Signal, loses?: Loses): Promise<boolean> {
  const whole = { traces: tracesAre, metrics: metricsAre, logs: logsAre }[signal]
  // A backend that does not answer has nothing to show.
  return whole(at, run, loses).catch(() => false)
}

/** Waits until all these signals are whole; gives those that are not when the time is up. */
export async function notWhole(
  at: FarEnd,
  run: FoundRun,
  options: { signals?: readonly Signal[]; loses?: Loses; ms: number },
): Promise<Signal[]> {
  const until = Date.now() + options.ms
  let left = [...(options.signals ?? SIGNALS)]
  while (true) {
    const now = await Promise.all(left.map((signal) => isWhole(at, run, signal, options.loses)))
    left = left.filter((_, i) => !now[i])
    if (left.length === 0 || Date.now() > until) return left
    await sleep(100)
  }
}

const windowOf = ({ startedAt, endedAt }: FoundRun) => ({ start: startedAt - 1_000, end: endedAt + 60_000 })

async function tracesAre({ backends, engine }: FarEnd, run: FoundRun, loses: Loses): Promise<boolean> {
  const query = `{resource.otel_lab.run.id="${run.runId}" && resource.service.name="neuro-preprocess"}`
  const found = await backends.tempo.search(query, { window: windowOf(run), limit: 20 })
  if (found.length === 0 || run.traces.length === 0) return false
  const traces = await Promise.all(run.traces.map((id) => backends.tempo.traceById(id)))
  if (!traces.every((trace) => trace?.spans.some(({ parentSpanId }) => parentSpanId === undefined))) return false
  if (loses !== 'output') return true
  const printed: string[] = []
  const since = new Date(run.startedAt)
  for await (const { text } of engine.logs({ services: ['otel-collector'], follow: false, since })) printed.push(text)
  return printed.join('\n').includes(run.runId)
}

async function metricsAre({ backends }: FarEnd, run: FoundRun, loses: Loses): Promise<boolean> {
  const labels = `{instance="${run.runId}", job="neuro-preprocess"}`
  const counted = await backends.prometheus.vector(`neuro_files_processed_total${labels} > 0`)
  if (counted.length === 0) return false
  if (loses !== 'exemplars') return true
  const series = await backends.prometheus.exemplars(`neuro_process_duration_seconds_bucket${labels}`, windowOf(run))
  return series.some(({ exemplars }) => exemplars.some(({ labels: own }) => run.traces.includes(own.trace_id ?? '')))
}

async function logsAre({ backends }: FarEnd, run: FoundRun, loses: Loses): Promise<boolean> {
  const query = `{service_instance_id="${run.runId}", service_name="neuro-preprocess"}`
  const errors = loses === 'errors' ? ' | detected_level="error"' : ''
  const streams = await backends.loki.streams(query + errors, windowOf(run))
  return streams.length > 0
}
