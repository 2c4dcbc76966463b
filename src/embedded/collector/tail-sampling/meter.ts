import type { Telemetry } from '../telemetry.ts'
import type { Decision } from './trace.ts'

const PREFIX = 'otelcol_processor_tail_sampling'
const LATENCY_MS = [
  1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 3000, 4000, 5000, 10_000, 20_000, 30_000,
  50_000,
]
const AGE_S = [
  1, 2, 5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2000, 3000, 4000, 5000, 10_000, 20_000, 30_000,
  50_000,
]

export type Meter = ReturnType<typeof createMeter>

const labelsOf = (decision: Decision) => ({ sampled: String(decision === 'sampled'), decision })

/** tail_sampling's own metrics (its documentation.md). */
export function createMeter(telemetry: Telemetry) {
  const add = (name: string, labels: Record<string, string>, value: number) =>
    telemetry.add(`${PREFIX}_${name}`, labels, value)
  let held = 0
  telemetry.gauge(`${PREFIX}_sampling_traces_on_memory`, {}, () => held)
  return {
    arrived: () => add('new_trace_id_received', {}, 1),
    decided: (decision: Decision) => add('global_count_traces_sampled', labelsOf(decision), 1),
    byPolicy(policy: string, decision: Decision, ms: number) {
      add('count_traces_sampled', { policy, ...labelsOf(decision) }, 1)
      add('sampling_policy_execution_count', { policy }, 1)
      add('sampling_policy_execution_time_sum', { policy }, Math.trunc(ms * 1000))
    },
    failed: () => add('sampling_policy_evaluation_error', {}, 1),
    early: (sampled: boolean, spans: number) =>
      add('early_releases_from_cache_decision', { sampled: String(sampled) }, spans),
    tooEarly: () => add('sampling_trace_dropped_too_early', {}, 1),
    tooLarge: () => add('traces_dropped_too_large', {}, 1),
    ticked: (ms: number) => telemetry.observe(`${PREFIX}_sampling_decision_timer_latency`, {}, LATENCY_MS, ms),
    late: (seconds: number) => telemetry.observe(`${PREFIX}_sampling_late_span_age`, {}, AGE_S, Math.trunc(seconds)),
    removed: (seconds: number) =>
      telemetry.observe(`${PREFIX}_sampling_trace_removal_age`, {}, AGE_S, Math.trunc(seconds)),
    onMemory(traces: number) {
      held = traces
    },
  }
}
