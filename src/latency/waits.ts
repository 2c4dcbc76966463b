import { budgetOf, type Wait, type Waits } from './budget.ts'
import { collectorPaths } from './waits/collector-paths.ts'
import { scrapeInterval } from './waits/scrape.ts'
import type { Sdk } from './waits/sdk.ts'
import { type TempoWaits, tempoWaits } from './waits/tempo.ts'

export interface WaitSources {
  /** The configs in force, as text; '' where nobody can tell. */
  configs: { collector: string; tempo: string }
  targets: readonly { url: string; interval: string }[]
  /** Who makes the telemetry: a program with an SDK and these settings, or a probe that sends at once. */
  sdk: Sdk | undefined
  env: Record<string, string | undefined>
}

/** By door, the waits that configs and environment prescribe, in the order in which they are waited. */
export async function readWaits({ configs, targets, sdk, env }: WaitSources): Promise<Waits> {
  const paths = await collectorPaths(configs.collector, env)
  const tempo = tempoWaits(configs.tempo)
  const scrape = scrapeInterval(targets, paths.metrics?.pagePort)
  const traces = [...sdkWait(sdk, 'span'), ...(paths.traces?.waits ?? [])]
  const logs = [...sdkWait(sdk, 'log'), ...(paths.logs?.waits ?? [])]
  const metrics = [...sdkWait(sdk, 'metric'), ...(paths.metrics?.waits ?? []), ...scrape]
  const cut = cutAfter(traces, tempo)
  return {
    'trace-by-id': traces,
    'trace-by-search': cut,
    'trace-by-metrics': cut,
    logs,
    'logs-by-tail': logs,
    metrics,
    'metrics-by-exemplar': metrics,
  }
}

/** How long the collector may keep metrics before they are on the page. */
export const settleOf = (waits: Waits): number =>
  250 +
  waits.metrics.filter(({ hop, kind }) => hop.includes('/') && kind !== 'retry').reduce((sum, { ms }) => sum + ms, 0)

const SDK = { span: 'OTEL_BSP_SCHEDULE_DELAY', log: 'OTEL_BLRP_SCHEDULE_DELAY', metric: 'OTEL_METRIC_EXPORT_INTERVAL' }

const sdkWait = (sdk: Sdk | undefined, what: keyof typeof SDK): Wait[] =>
  sdk ? [{ hop: 'sdk', name: SDK[what], ms: sdk[what], kind: 'clock' }] : []

/** Tempo shows a trace to a search once it was idle and cut; the cutoff counts from the span's own time. */
function cutAfter(before: readonly Wait[], { idle, check, cutoff }: TempoWaits): Wait[] {
  const cut: Wait[] = [
    { hop: 'cut', name: 'max_trace_idle', ms: idle, kind: 'whole' },
    { hop: 'cut', name: 'flush_check_period', ms: check, kind: 'clock' },
  ]
  if (cutoff <= budgetOf([...before, ...cut]).mean) return [...before, ...cut]
  // What is waited before it passes meanwhile: the rest is what the cutoff adds.
  const rest = cutoff - budgetOf(before).mean
  return [...before, { hop: 'cut', name: 'query_end_cutoff', ms: rest, kind: 'whole' }]
}

export { type Sdk, sdkOf } from './waits/sdk.ts'
