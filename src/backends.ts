import { type CollectorAddresses, type CollectorClient, collectorClient } from './backends/collector.ts'
import { type GrafanaClient, grafanaClient } from './backends/grafana.ts'
import type { BackendAddress } from './backends/http.ts'
import { type LokiClient, lokiClient } from './backends/loki.ts'
import { type PrometheusClient, prometheusClient } from './backends/prometheus.ts'
import { type TempoClient, tempoClient } from './backends/tempo.ts'

export { scrapeIntervalOf, scrapesOf, targetsIn } from './backends/scrapes.ts'

/** An engine's endpoints are such. */
export interface BackendAddresses extends CollectorAddresses {
  tempo: BackendAddress
  prometheus: BackendAddress
  loki: BackendAddress
  grafana?: BackendAddress
}

export interface Backends {
  tempo: TempoClient
  prometheus: PrometheusClient
  loki: LokiClient
  collector: CollectorClient
  grafana?: GrafanaClient
}

/** Clients for whatever answers there: the real ones, hosted ones, the lab's own. Nothing is asked yet. */
export function openBackends(addresses: BackendAddresses): Backends {
  return {
    tempo: tempoClient(addresses.tempo),
    prometheus: prometheusClient(addresses.prometheus),
    loki: lokiClient(addresses.loki),
    collector: collectorClient(addresses),
    ...(addresses.grafana ? { grafana: grafanaClient(addresses.grafana) } : {}),
  }
}
