import { table } from '../util/table.ts'
import type { CollectorConfig } from './model.ts'

/** How an exporter's data travels, as far as its config says. */
export interface WayOut {
  protocol: string
  /** As it is written. */
  endpoint: string
  /** '' where none is written. */
  port: string
  /** Whoever is at the far end comes and fetches. */
  pulled: boolean
}

const PROTOCOLS: Record<string, string> = table({
  otlp_grpc: 'OTLP/gRPC',
  otlp_http: 'OTLP/HTTP',
  load_balancing: 'OTLP/gRPC',
  prometheus: 'HTTP, scraped',
})

/** Undefined for an exporter that sends nothing over the network. */
export function wayOutOf(config: CollectorConfig, id: string): WayOut | undefined {
  const exporter = config.exporters.get(id)
  const protocol = exporter && PROTOCOLS[exporter.type]
  if (protocol === undefined) return undefined
  const { endpoint: own, resolver } = exporter!.settings
  // Of several the first stands for all.
  const endpoint = String(own ?? resolver?.static?.hostnames[0] ?? resolver?.dns?.hostname ?? '')
  return { protocol, endpoint, port: portOf(endpoint), pulled: exporter!.type === 'prometheus' }
}

export const portOf = (endpoint: string) => /:(\d+)(?:\/|$)/.exec(endpoint)?.[1] ?? ''
