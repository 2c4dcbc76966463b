import type { Span, TracesData } from '../../../otlp/types.ts'
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
    [`${EDGE}_server_seconds`]: { values: [edge.serverSeconds], buckets },
    [`${EDGE}_client_seconds`]: { values: [edge.clientSeconds], buckets },
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
    // Spans of a request are mostly alike: each kind of them is looked up once.
    const alike = new Map<string, { span: Span; more: string[]; values: number[] }>()
    for (const { items } of scopes) {
      for (const span of items) {
        const more = dimensions.map((name) => find(resource.attributes, name) ?? find(span.attributes, name) ?? '')
        const own = `${span.kind} ${span.status.code} ${span.name}`
        const key = more.length === 0 ? own : JSON.stringify([own, more])
        const known = alike.get(key)
        if (known === undefined) alike.set(key, { span, more, values: [seconds(span)] })
        else known.values.push(seconds(span))
      }
    }
    for (const { span, more, values } of alike.values()) {
      const labels: Labels = [
        ['service', service],
        ['span_name', span.name],
        ['span_kind', `SPAN_KIND_${KINDS[span.kind] ?? span.kind}`],
        ['status_code', `STATUS_CODE_${CODES[span.status.code] ?? span.status.code}`],
        ...dimensions.map((name, i) => [labelOf(name), more[i]!] as const),
      ]
      const counters = { [`${SPAN}_calls_total`]: values.length }
      registry.add(SPAN, labels, { counters, histograms: { [`${SPAN}_latency`]: { values, buckets } } }, now)
    }
  }
}

const labelOf = (attribute: string) => attribute.replace(/[^a-zA-Z0-9_]/g, '_')
