import type { CollectorConfig, ComponentConfig, PipelineConfig } from '../../collector-config.ts'
import type { Signal } from '../../util/signal.ts'
import { SIGNALS } from '../../util/signal.ts'
import type { Wait } from '../budget.ts'

/** The way of one signal from the OTLP receiver to the exporter that takes it to its backend. */
export interface CollectorPath {
  exporter: string
  waits: Wait[]
  /** Of the page that Prometheus fetches. */
  pagePort?: number
}

const TO_BACKEND: Record<Signal, string[]> = {
  traces: ['otlp_grpc', 'otlp_http', 'load_balancing'],
  metrics: ['prometheus', 'otlp_http', 'otlp_grpc', 'prometheusremotewrite'],
  logs: ['otlp_http', 'otlp_grpc'],
}

/** Empty where the config is not known or cannot be read. */
export async function collectorPaths(
  text: string,
  env: Record<string, string | undefined>,
): Promise<Partial<Record<Signal, CollectorPath>>> {
  const { resolveConfig } = await import('../../collector-config.ts')
  const { config } = resolveConfig(text, env)
  if (config === undefined) return {}
  return Object.fromEntries(
    SIGNALS.flatMap((signal) => {
      const path = pathOf(config, signal)
      return path ? [[signal, path]] : []
    }),
  )
}

function pathOf(config: CollectorConfig, signal: Signal): CollectorPath | undefined {
  const pipelines = [...config.service.pipelines.values()].filter((one) => one.signal === signal)
  const first = pipelines.filter(({ receivers }) => receivers.some((id) => config.receivers.get(id)?.type === 'otlp'))
  for (const pipeline of first) {
    const found = walk(config, pipelines, pipeline, [])
    if (found) return found
  }
  return undefined
}

/** Along connectors that lead on within the signal, the shortest way first. */
function walk(
  config: CollectorConfig,
  pipelines: readonly PipelineConfig[],
  pipeline: PipelineConfig,
  before: readonly PipelineConfig[],
): CollectorPath | undefined {
  if (before.includes(pipeline)) return undefined
  const way = [...before, pipeline]
  const exporter = TO_BACKEND[pipeline.signal]
    .flatMap((type) => pipeline.exporters.map((id) => config.exporters.get(id)).filter((one) => one?.type === type))
    .at(0)
  if (exporter) {
    const processors = way.flatMap((one) => one.processors.map((id) => config.processors.get(id)!))
    const port = exporter.type === 'prometheus' ? /:(\d+)$/.exec(String(exporter.settings.endpoint))?.[1] : undefined
    return {
      exporter: exporter.id,
      waits: [...processors.flatMap(batchWait), ...sendingWaits(exporter)],
      ...(port ? { pagePort: Number(port) } : {}),
    }
  }
  for (const next of pipelines.filter((one) => one.receivers.some((id) => pipeline.exporters.includes(id)))) {
    const found = walk(config, pipelines, next, way)
    if (found) return found
  }
  return undefined
}

function batchWait({ id, type, settings }: ComponentConfig): Wait[] {
  if (type !== 'batch' || settings.timeout === 0 || settings.send_batch_size === 0) return []
  return [{ hop: `processor/${id}`, name: `${id}.timeout`, ms: Number(settings.timeout), kind: 'clock' }]
}

function sendingWaits({ id, settings }: ComponentConfig): Wait[] {
  const { sending_queue: queue, retry_on_failure: retry } = settings
  const hop = `exporter/${id}`
  const waits: Wait[] = []
  if (queue?.batch && queue.batch.min_size !== 0) {
    // Its clock begins with the first item, unlike the batch processor's.
    waits.push({ hop, name: `${id}.sending_queue.batch.flush_timeout`, ms: queue.batch.flush_timeout, kind: 'whole' })
  }
  if (retry?.enabled) {
    waits.push({ hop, name: `${id}.retry_on_failure.initial_interval`, ms: retry.initial_interval, kind: 'retry' })
  }
  return waits
}
