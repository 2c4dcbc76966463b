import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../../src/faults.ts'
import type { ReplayLab, Run } from './lab.ts'

export type Signal = Fault['signals'][number]
export const SIGNALS: Signal[] = ['traces', 'metrics', 'logs']

/** Whether a signal of a run came out as it should: complete, under its names, by each way of asking. */
export async function isWhole(lab: ReplayLab, run: Run, signal: Signal, fault: Fault): Promise<boolean> {
  const whole = { traces: tracesAre, metrics: metricsAre, logs: logsAre }[signal]
  // A backend that does not answer has nothing to show.
  return whole(lab, run, fault).catch(() => false)
}

const windowOf = ({ startedAt, endedAt }: Run) => ({ start: startedAt - 1_000, end: endedAt + 60_000 })

async function tracesAre(lab: ReplayLab, run: Run, { loses }: Fault): Promise<boolean> {
  const query = `{resource.otel_lab.run.id="${run.runId}" && resource.service.name="neuro-preprocess"}`
  const found = await lab.backends.tempo.search(query, { window: windowOf(run), limit: 20 })
  if (found.length === 0 || run.traces.length === 0) return false
  const traces = await Promise.all(run.traces.map((id) => lab.backends.tempo.traceById(id)))
  if (!traces.every((trace) => trace?.spans.some(({ parentSpanId }) => parentSpanId === undefined))) return false
  if (loses !== 'output') return true
  const printed: string[] = []
  const since = new Date(run.startedAt)
  for await (const { text } of lab.engine.logs({ services: ['otel-collector'], follow: false, since }))
    printed.push(text)
  return printed.join('\n').includes(run.runId)
}

async function metricsAre(lab: ReplayLab, run: Run, { loses }: Fault): Promise<boolean> {
  const labels = `{instance="${run.runId}", job="neuro-preprocess"}`
  const counted = await lab.backends.prometheus.vector(`neuro_files_processed_total${labels} > 0`)
  if (counted.length === 0) return false
  if (loses !== 'exemplars') return true
  const series = await lab.backends.prometheus.exemplars(
    `neuro_process_duration_seconds_bucket${labels}`,
    windowOf(run),
  )
  return series.some(({ exemplars }) => exemplars.some(({ labels: own }) => run.traces.includes(own.trace_id ?? '')))
}

async function logsAre(lab: ReplayLab, run: Run, { loses }: Fault): Promise<boolean> {
  const query = `{service_instance_id="${run.runId}", service_name="neuro-preprocess"}`
  const errors = loses === 'errors' ? ' | detected_level="error"' : ''
  const streams = await lab.backends.loki.streams(query + errors, windowOf(run))
  return streams.length > 0
}

/** Waits until all these signals are whole; gives those that are not when the time is up. */
export async function notWhole(
  lab: ReplayLab,
  run: Run,
  fault: Fault,
  signals: readonly Signal[],
  ms: number,
): Promise<Signal[]> {
  const until = Date.now() + ms
  let left = [...signals]
  while (true) {
    const now = await Promise.all(left.map((signal) => isWhole(lab, run, signal, fault)))
    left = left.filter((_, i) => !now[i])
    if (left.length === 0 || Date.now() > until) return left
    await sleep(100)
  }
}
