import { readFile } from 'node:fs/promises'
import type { Backends } from '../../backends.ts'
import type { PipelineSignal } from '../../collector-config.ts'
import type { Intervals } from '../../latency.ts'
import { parseDuration } from '../../util/duration.ts'
import { SHORT_DELAYS } from '../../workload/environment.ts'
import type { Workspace } from '../../workspace.ts'

/** What the SDKs do when nobody says otherwise (OpenTelemetry specification, SDK environment variables). */
const SDK_DEFAULTS = {
  OTEL_BSP_SCHEDULE_DELAY: '5000',
  OTEL_BLRP_SCHEDULE_DELAY: '1000',
  OTEL_METRIC_EXPORT_INTERVAL: '60000',
}

interface Sources {
  workspace: Pick<Workspace, 'configPath'>
  backends: Pick<Backends, 'prometheus'>
  /** The lab's own program, which is given short delays. */
  own: boolean
  env: Record<string, string | undefined>
}

/** The waits as the learner's configs, the environment and the running Prometheus have them. */
export async function readIntervals({ workspace, backends, own, env }: Sources): Promise<Intervals> {
  const delays = { ...SDK_DEFAULTS, ...(own ? SHORT_DELAYS : {}) }
  const sdk = (name: keyof typeof SDK_DEFAULTS) => Number(env[name] || delays[name])
  const [batchTimeout, tempo, targets] = await Promise.all([
    batchTimeouts(workspace.configPath('otel-collector-config.yaml'), env),
    readFile(workspace.configPath('tempo.yaml'), 'utf8').catch(() => ''),
    backends.prometheus.targets().catch(() => []),
  ])
  const scrapes = targets.map(({ interval }) => parseDuration(interval)).filter((ms) => ms !== undefined)
  return {
    spanDelay: sdk('OTEL_BSP_SCHEDULE_DELAY'),
    logDelay: sdk('OTEL_BLRP_SCHEDULE_DELAY'),
    metricInterval: sdk('OTEL_METRIC_EXPORT_INTERVAL'),
    batchTimeout,
    traceIdle: durationIn(tempo, 'max_trace_idle') ?? 5_000,
    flushCheck: durationIn(tempo, 'flush_check_period') ?? 5_000,
    queryEndCutoff: durationIn(tempo, 'query_end_cutoff') ?? 30_000,
    scrapeInterval: scrapes.length > 0 ? Math.max(...scrapes) : undefined,
  }
}

/** By signal, the sum over the batch processors of its first pipeline; 0 where there is none. */
async function batchTimeouts(path: string, env: Sources['env']): Promise<Intervals['batchTimeout']> {
  const { resolveConfig } = await import('../../collector-config.ts')
  const { config } = resolveConfig(await readFile(path, 'utf8').catch(() => ''), env)
  const timeoutOf = (signal: PipelineSignal) => {
    const pipeline = [...(config?.service.pipelines.values() ?? [])].find((one) => one.signal === signal)
    const batches = (pipeline?.processors ?? [])
      .map((id) => config?.processors.get(id))
      .filter((c) => c?.type === 'batch')
    return batches.reduce((sum, batch) => sum + Number(batch?.settings.timeout ?? 200), 0)
  }
  return { traces: timeoutOf('traces'), metrics: timeoutOf('metrics'), logs: timeoutOf('logs') }
}

/** These names occur once in a tempo.yaml, whatever else is in it. */
function durationIn(yaml: string, key: string): number | undefined {
  const text = new RegExp(`^[^#\\n]*\\b${key}:\\s*["']?([0-9][\\w.]*)`, 'm').exec(yaml)?.[1]
  return text === undefined ? undefined : parseDuration(text)
}
