import { attributeOf, stringOf } from '../../../../otlp/attributes.ts'
import type { KeyValue, Metric, MetricData, MetricsData, Scope } from '../../../../otlp/types.ts'
import type { Logger } from '../../logger.ts'
import { addExponentialHistograms } from './add-exponential.ts'
import { addHistograms } from './add-histograms.ts'

/** A metric with the one point that a series is at, and what it came with. */
export interface Accumulated {
  metric: Metric
  resource: KeyValue[]
  scope: Scope
  scopeSchemaUrl: string
  updatedMs: number
}

/** Keeps the latest point of every series; adds deltas up (accumulator.go). */
export interface Accumulator {
  /** Tells which series are at what came now, and whether some of it was added to what they were at. */
  add(data: MetricsData): Added
  /** What has not expired. */
  collect(): Accumulated[]
  readonly size: number
}

export interface Added {
  series: Set<string>
  summed: boolean
}

// biome-ignore lint/suspicious/noExplicitAny: points of one metric type at a time
type AnyPoint = any

export function createAccumulator(expirationMs: number, logger: Logger, now: () => number = Date.now): Accumulator {
  const series = new Map<string, Accumulated>()

  function addMetric(metric: Metric, resource: KeyValue[], scope: Scope, scopeSchemaUrl: string, added: Added): void {
    const { data } = metric
    if (data.type === 'none') {
      logger.error('failed to translate metric', { data_type: 'Empty', metric_name: metric.name })
      return
    }
    if (data.type === 'sum' && (data.temporality === 0 || (data.temporality === 1 && !data.monotonic))) return
    const start = signature(metric, resource, scope, scopeSchemaUrl)
    for (const point of data.points as AnyPoint[]) {
      const key = start + attributesKey(point.attributes)
      // A staleness marker ends the series; the real one reads no further then.
      if (point.flags & 1) {
        series.delete(key)
        added.series.add(key)
        return
      }
      const old = series.get(key)?.metric.data as { points: AnyPoint[] } | undefined
      const next = old ? follow(metric, old.points[0], point, logger) : point
      if (next === undefined) continue
      added.series.add(key)
      if ('temporality' in data && data.temporality === 1) added.summed = true
      const kept = {
        ...data,
        points: [next],
        ...('temporality' in data ? { temporality: 2 as const } : {}),
      } as MetricData
      series.set(key, { metric: { ...metric, data: kept }, resource, scope, scopeSchemaUrl, updatedMs: now() })
    }
  }

  return {
    add(data) {
      const added: Added = { series: new Set(), summed: false }
      for (const { resource, scopes } of data) {
        for (const { scope, schemaUrl, items } of scopes) {
          for (const metric of items) addMetric(metric, resource.attributes, scope, schemaUrl, added)
        }
      }
      return added
    },
    collect() {
      const oldest = now() - expirationMs
      for (const [key, { updatedMs }] of series) if (updatedMs < oldest) series.delete(key)
      return [...series.values()]
    },
    get size() {
      return series.size
    },
  }
}

/** What a series is at after `point`; undefined where that one is to be passed over. */
function follow(metric: Metric, old: AnyPoint, point: AnyPoint, logger: Logger): AnyPoint | undefined {
  const { data } = metric
  const late = point.timeUnixNano < old.timeUnixNano
  if (data.type === 'gauge' || data.type === 'summary') return late ? undefined : point
  if (data.type === 'sum') {
    if (late) return undefined
    if (data.temporality !== 1 || point.startTimeUnixNano !== old.timeUnixNano) return point
    const same = typeof point.value === typeof old.value
    const value = same && point.value !== undefined ? (point.value as number) + (old.value as number) : point.value
    return { ...point, startTimeUnixNano: old.startTimeUnixNano, value }
  }
  if (data.type === 'none') return undefined
  if (data.temporality === 2) return late ? undefined : point
  if (data.temporality === 0) return undefined
  if (point.startTimeUnixNano === old.timeUnixNano) {
    return data.type === 'histogram' ? addHistograms(old, point) : addExponentialHistograms(old, point)
  }
  // A gap is a restart; an overlap breaks the rule that a series has one writer.
  logger.warn('Misaligned starting timestamps', { metric_name: metric.name })
  if (point.startTimeUnixNano > old.timeUnixNano) return point
  logger.warn('Dropped misaligned histogram datapoint', { metric_name: metric.name })
  return undefined
}

function signature(metric: Metric, resource: KeyValue[], scope: Scope, schemaUrl: string): string {
  const { job, instance } = identityOf(resource)
  const parts = [metric.name, metric.data.type, scope.name, scope.version, schemaUrl, attributesKey(scope.attributes)]
  return `${JSON.stringify([...parts, job ?? null, instance ?? null])}`
}

function attributesKey(attributes: readonly KeyValue[]): string {
  if (attributes.length === 0) return ''
  const pairs = attributes.map(({ key, value }) => `${key}\u0000${stringOf(value)}`)
  return (pairs.length > 1 ? pairs.sort() : pairs).join('\u0001')
}

/** `job` is namespace/name of the service, `instance` its instance id. */
export function identityOf(resource: readonly KeyValue[]): { job: string | undefined; instance: string | undefined } {
  const text = (key: string) => {
    const value = attributeOf(resource, key)
    return value === undefined ? undefined : stringOf(value)
  }
  const name = text('service.name')
  const namespace = text('service.namespace')
  return {
    job: name === undefined || namespace === undefined ? name : `${namespace}/${name}`,
    instance: text('service.instance.id'),
  }
}
