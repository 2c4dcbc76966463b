import type { Signal } from '../../util/signal.ts'
import { METRIC, SERVICE } from '../probe/probe.ts'
import { boundOf, bucketRange, type Histogram, SCALE } from './histogram.ts'

/** What the watch has to tell, by labels. */
export interface Published {
  visibility: { labels: VisibilityLabels; histogram: Histogram }[]
  /** By tempo-vulture's names of errors, and loki-canary's of lines. */
  errors: { labels: { error: string; door: string }; count: number }[]
  sent: number
  startedAt: number
}

export interface VisibilityLabels {
  signal: Signal
  door: string
  /** `all` for the whole way. */
  hop: string
}

const NAME = 'otel_lab_visibility_seconds'
const HELP = 'From the making of a probe until it can be queried'

const labelsOf = (labels: object) =>
  Object.entries(labels)
    .map(
      ([key, value]) =>
        `${key}="${String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
    )
    .join(',')

/** The page in OpenMetrics: exemplars are there only. */
export function openMetricsPage({ visibility, errors, sent }: Published): string {
  const lines = [`# HELP ${NAME} ${HELP}`, `# TYPE ${NAME} histogram`, `# UNIT ${NAME} seconds`]
  for (const { labels, histogram } of visibility) {
    const own = labelsOf(labels)
    let total = histogram.zeros
    for (const index of bucketRange(histogram)) {
      const bucket = histogram.buckets.get(index)
      total += bucket?.count ?? 0
      const { exemplar } = bucket ?? {}
      const more = exemplar
        ? ` # {trace_id="${exemplar.traceId}"} ${exemplar.value} ${(exemplar.at / 1_000).toFixed(3)}`
        : ''
      lines.push(`${NAME}_bucket{${own},le="${boundOf(index).toPrecision(6)}"} ${total}${more}`)
    }
    lines.push(`${NAME}_bucket{${own},le="+Inf"} ${histogram.count}`)
    lines.push(`${NAME}_sum{${own}} ${histogram.sum}`, `${NAME}_count{${own}} ${histogram.count}`)
  }
  lines.push('# HELP otel_lab_probe_sent Probes that the collector took', '# TYPE otel_lab_probe_sent counter')
  lines.push(`otel_lab_probe_sent_total ${sent}`)
  lines.push('# HELP otel_lab_probe_error What was wrong with probes, by the names of tempo-vulture and loki-canary')
  lines.push('# TYPE otel_lab_probe_error counter')
  for (const { labels, count } of errors) lines.push(`otel_lab_probe_error_total{${labelsOf(labels)}} ${count}`)
  lines.push('# EOF', '')
  return lines.join('\n')
}

const nanos = (ms: number) => String(BigInt(Math.round(ms)) * 1_000_000n)

/** The same as an OTLP/JSON request: exponential histograms, which lose nothing of the buckets. */
export function otlpMetrics({ visibility, errors, sent, startedAt }: Published, session: string, now: number) {
  const times = { startTimeUnixNano: nanos(startedAt), timeUnixNano: nanos(now) }
  const attributesOf = (labels: object) =>
    Object.entries(labels).map(([key, value]) => ({ key, value: { stringValue: String(value) } }))
  const points = visibility.map(({ labels, histogram }) => {
    const range = bucketRange(histogram)
    return {
      ...times,
      attributes: attributesOf(labels),
      count: String(histogram.count),
      sum: histogram.sum,
      scale: SCALE,
      zeroCount: String(histogram.zeros),
      positive: {
        offset: range[0] ?? 0,
        bucketCounts: range.map((index) => String(histogram.buckets.get(index)?.count ?? 0)),
      },
      exemplars: [...histogram.buckets.values()].slice(-10).map(({ exemplar }) => ({
        timeUnixNano: nanos(exemplar.at),
        asDouble: exemplar.value,
        traceId: exemplar.traceId,
        filteredAttributes: [],
      })),
    }
  })
  const counter = (name: string, dataPoints: object[]) => ({
    name,
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints },
  })
  const metrics = [
    {
      name: 'otel_lab.visibility',
      description: HELP,
      unit: 's',
      exponentialHistogram: { aggregationTemporality: 2, dataPoints: points },
    },
    counter('otel_lab.probe.sent', [{ ...times, asInt: String(sent), attributes: [] }]),
    counter(
      'otel_lab.probe.error',
      errors.map(({ labels, count }) => ({ ...times, asInt: String(count), attributes: attributesOf(labels) })),
    ),
  ]
  const attributes = [
    { key: 'service.name', value: { stringValue: SERVICE } },
    { key: 'service.instance.id', value: { stringValue: `${session}-watch` } },
  ]
  return { resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: METRIC }, metrics }] }] }
}
