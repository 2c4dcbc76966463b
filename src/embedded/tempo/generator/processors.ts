import type { TracesData } from '../../../otlp/types.ts'
import { type Edge, find, seconds } from './edges.ts'
import type { Labels, Registry } from './series.ts'

const EDGE = 'traces_service_graph_request'
const SPAN = 'traces_spanmetrics'
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const CODES = ['UNSET', 'OK', 'ERROR']

/** The processor `service-graphs`: Grafana draws its service map from these. */
export function countEdge(
  registry: Registry,
  edge: Edge,
  { dimensions, buckets }: { dimensions: readonly string[]; buckets: readonly number[] },
  now: number,
): void {
  const labels: Labels = [
    ['client', edge.client],
    ['server', edge.server],
    ['connection_type', edge.connectionType],
    ...dimensions.map((name) => [labelOf(name), edge.dimensions.get(name) ?? ''] as const),
  ]
  const counters = { [`${EDGE}_total`]: 1, ...(edge.failed ? { [`${EDGE}_failed_total`]: 1 } : {}) }
  const histograms = {
    [`${EDGE}_server_seconds`]: { value: edge.serverSeconds, buckets },
    [`${EDGE}_client_seconds`]: { value: edge.clientSeconds, buckets },
  }
  registry.add(EDGE, labels, { counters, histograms }, now)
}

/** The processor `span-metrics`: calls and latency by service and span; without the size of spans. */
export function countSpans(
  registry: Registry,
  data: TracesData,
  { dimensions, buckets }: { dimensions: readonly string[]; buckets: readonly number[] },
  now: number,
): void {
  for (const { resource, scopes } of data) {
    const service = find(resource.attributes, 'service.name')
    if (service === undefined) continue
    for (const { items } of scopes) {
      for (const span of items) {
        const labels: Labels = [
          ['service', service],
          ['span_name', span.name],
          ['span_kind', `SPAN_KIND_${KINDS[span.kind] ?? span.kind}`],
          ['status_code', `STATUS_CODE_${CODES[span.status.code] ?? span.status.code}`],
          ...dimensions.map((name) => {
            return [labelOf(name), find(resource.attributes, name) ?? find(span.attributes, name) ?? ''] as const
          }),
        ]
        const histograms = { [`${SPAN}_latency`]: { value: seconds(span), buckets } }
        registry.add(SPAN, labels, { counters: { [`${SPAN}_calls_total`]: 1 }, histograms }, now)
      }
    }
  }
}

const labelOf = (attribute: string) => attribute.replace(/[^a-zA-Z0-9_]/g, '_')
