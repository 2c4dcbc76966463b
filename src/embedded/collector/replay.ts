import { resolveConfig } from '../../collector-config.ts'
import { requestFromJson } from '../../otlp/json.ts'
import type { Signal } from '../../otlp/types.ts'
import { createNetwork } from '../network.ts'
import type { Build, Factories } from './component.ts'
import { UNTRACKED } from './delivery.ts'
import { buildGraph } from './graph.ts'
import { createLogger } from './logger.ts'
import { loadFactories } from './registry.ts'
import { createCounters, type Exported } from './replay/exporters.ts'
import { NO_TAP } from './tap/notes.ts'
import { createTelemetry } from './telemetry.ts'

/** One request as it came to a receiver, as OTLP/JSON. */
export interface ReplayRequest {
  signal: Signal
  json: unknown
}

export interface Replayed {
  /** What each exporter would have been given. */
  exported: Exported[]
  /** Of each prometheus exporter: its page, in OpenMetrics where the config says so. */
  pages: { exporter: string; text: string }[]
  /** What nothing takes in, or a processor refused. */
  refused: { signal: Signal; said: string }[]
}

/** Connectors that tell on a clock tell so soon; long enough after the last request all have. */
const FLUSH_MS = 20
const SETTLE_MS = 60

/**
 * Puts requests through the pipelines of a config. Nothing listens and nothing is sent: the exporters only keep what
 * they are given; `write` gets the collector's log. Batches do not wait. The config is known to be sound. Throws what the graph throws.
 */
export async function replay(
  text: string,
  requests: readonly ReplayRequest[],
  env: Record<string, string | undefined>,
  write: (line: string) => void = () => {},
): Promise<Replayed> {
  const { config } = resolveConfig(text, env)
  if (config === undefined) throw new Error('a config with errors cannot be replayed')
  for (const { type, settings } of config.processors.values()) if (type === 'batch') settings.timeout = 0
  for (const { settings } of config.connectors.values()) {
    if ('metrics_flush_interval' in settings) settings.metrics_flush_interval = FLUSH_MS
  }
  const kept = createCounters()
  const known = await loadFactories(config)
  const factories: Factories = {
    ...known,
    receivers: Object.fromEntries(Object.keys(known.receivers).map((type) => [type, () => ({})])),
    exporters: Object.fromEntries(Object.keys(known.exporters).map((type) => [type, kept.exporter(type)])),
  }
  const logger = createLogger({ config: config.service.telemetry.logs, outputs: { to: () => write } })
  const shared = new Map<string, unknown>()
  const build = (settings: Build['config'], kind: string): Build => ({
    ...{ config: settings, network: createNetwork({ portOffset: 0 }), logger, telemetry: createTelemetry({}) },
    ...{ tap: NO_TAP, instanceId: '', env, filesDir: '', extension: () => undefined },
    shared<T>(key: string, make: () => T): T {
      if (!shared.has(`${kind} ${key}`)) shared.set(`${kind} ${key}`, make())
      return shared.get(`${kind} ${key}`) as T
    },
  })
  const graph = buildGraph(config, factories, build, () => async () => {})
  const refused: Replayed['refused'] = []
  for (const { component } of graph.components) await component.start?.()
  for (const { signal, json } of requests) {
    const entry = graph.entries[signal]
    if (entry === undefined) {
      refused.push({ signal, said: `no pipeline takes ${signal} in` })
      continue
    }
    try {
      await entry({ signal, data: requestFromJson(signal, json), delivery: UNTRACKED } as Parameters<typeof entry>[0])
    } catch (error) {
      refused.push({ signal, said: (error as Error).message })
    }
  }
  if (config.connectors.size > 0) await new Promise((done) => setTimeout(done, SETTLE_MS))
  for (const { component } of graph.components.toReversed()) await component.stop?.()
  return { exported: kept.exported, pages: kept.pages(), refused }
}
