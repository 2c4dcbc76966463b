import { stringOf } from '../../../../otlp/attributes.ts'
import type {
  ExponentialHistogramPoint,
  HistogramPoint,
  KeyValue,
  LogsData,
  Metric,
  MetricsData,
  ResourceOf,
  ScopeOf,
  SummaryPoint,
  TracesData,
} from '../../../../otlp/types.ts'
import { formatFixed, formatFloat } from '../../../../util/go-format.ts'

/** The debug exporter's `verbosity: normal`: about one line for each item. */
export function normalTraces(data: TracesData): string {
  return groups(data, 'Traces', (span) => {
    const attributes = span.attributes.length > 0 ? ` ${pairs(span.attributes).join(' ')}` : ''
    return [`${span.name} ${span.traceId} ${span.spanId}${attributes}`]
  })
}

export function normalLogs(data: LogsData): string {
  return groups(data, 'Log', (record) => [`${stringOf(record.body)} ${pairs(record.attributes).join(' ')}`])
}

export function normalMetrics(data: MetricsData): string {
  return groups(data, 'Metrics', metricLines)
}

function groups<T>(data: readonly ResourceOf<T>[], what: string, linesOf: (item: T) => string[]): string {
  const lines: string[] = []
  for (const [i, group] of data.entries()) {
    const url = group.schemaUrl && ` [${group.schemaUrl}]`
    lines.push(`Resource${what} #${i}${url}${spaced(group.resource.attributes)}`)
    for (const [j, scope] of group.scopes.entries()) {
      lines.push(`Scope${what} #${j}${scopeDetails(scope)}${spaced(scope.scope.attributes)}`)
      for (const item of scope.items) lines.push(...linesOf(item))
    }
  }
  return lines.map((line) => `${line}\n`).join('')
}

function pairs(attributes: readonly KeyValue[]): string[] {
  return attributes.map(({ key, value }) => `${key}=${stringOf(value)}`)
}

function spaced(attributes: readonly KeyValue[]): string {
  return pairs(attributes)
    .map((pair) => ` ${pair}`)
    .join('')
}

function scopeDetails({ scope, schemaUrl }: ScopeOf<unknown>): string {
  const name = scope.name + (scope.version && `@${scope.version}`)
  const parts = [...(name ? [name] : []), ...(schemaUrl ? [`[${schemaUrl}]`] : [])]
  return parts.map((part) => ` ${part}`).join('')
}

function metricLines(metric: Metric): string[] {
  const { name, data } = metric
  const line = (attributes: readonly KeyValue[], value: string) => `${name}{${pairs(attributes).join(',')}} ${value}`
  switch (data.type) {
    case 'none':
      return []
    case 'gauge':
    case 'sum':
      return data.points.map(({ attributes, value }) =>
        line(attributes, value === undefined ? '' : typeof value === 'bigint' ? String(value) : formatFloat(value)),
      )
    case 'histogram':
      return data.points.map((point) => line(point.attributes, [...extent(point), ...buckets(point)].join(' ')))
    case 'exponentialHistogram':
      return data.points.map((point) =>
        line(point.attributes, [...extent(point), ...exponentialBuckets(point)].join(' ')),
      )
    case 'summary':
      return data.points.map((point) => line(point.attributes, summary(point)))
  }
}

function extent(point: HistogramPoint | ExponentialHistogramPoint): string[] {
  const told = (name: string, value: number | undefined) =>
    value === undefined ? [] : [`${name}=${formatFloat(value)}`]
  return [`count=${point.count}`, ...told('sum', point.sum), ...told('min', point.min), ...told('max', point.max)]
}

function buckets({ bucketCounts, explicitBounds }: HistogramPoint): string[] {
  return bucketCounts.map((count, i) => {
    const bound = explicitBounds[i]
    return `${bound === undefined ? '' : `le${formatFloat(bound)}=`}${count}`
  })
}

function exponentialBuckets({ scale, positive, negative, zeroCount }: ExponentialHistogramPoint): string[] {
  const factor = Math.LN2 * 2 ** -scale
  const below = negative.bucketCounts
    .map((count, i) => `le${formatFloat(-Math.exp((negative.offset + i) * factor))}=${count}`)
    .reverse()
  const zero = zeroCount === 0n ? [] : [`zero=${zeroCount}`]
  const above = positive.bucketCounts.map(
    (count, i) => `le${formatFloat(Math.exp((positive.offset + i + 1) * factor))}=${count}`,
  )
  return [...below, ...zero, ...above]
}

function summary({ count, sum, quantiles }: SummaryPoint): string {
  const parts = quantiles.map(({ quantile, value }) => ` q${formatFloat(quantile)}=${formatFloat(value)}`)
  return `count=${count} sum=${formatFixed(sum)}${parts.join('')}`
}
