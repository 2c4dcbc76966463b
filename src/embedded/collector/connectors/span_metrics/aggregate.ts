import { attributeOf, stringOf } from '../../../../otlp/attributes.ts'
import type { KeyValue, Metric, MetricsData, Scope, Span, TracesData } from '../../../../otlp/types.ts'
import { adjustedCount } from './adjusted-count.ts'
import { type Dimension, type DimensionSettings, describe, keyOf, type Subject } from './dimensions.ts'
import {
  type Explicit,
  type Exponential,
  emptyExponential,
  explicitPoint,
  exponentialPoint,
  observe,
  observeExponential,
  pointOf,
} from './histograms.ts'
import { type Series, SeriesMap } from './series.ts'

export interface SpanMetricsSettings extends DimensionSettings {
  calls_dimensions: Dimension[]
  resource_metrics_cache_size: number
  resource_metrics_key_attributes: string[]
  aggregation_temporality: string
  histogram: {
    disable: boolean
    unit: 'ms' | 's'
    exponential?: { max_size: number }
    explicit?: { buckets: number[] }
    dimensions: Dimension[]
  }
  metrics_expiration: number
  series_expiration: number
  namespace: string
  exemplars: { enabled: boolean; max_per_data_point: number }
  events: { enabled: boolean; dimensions: Dimension[] }
  aggregation_cardinality_limit: number
  add_resource_attributes: boolean
}

const DEFAULT_BUCKETS_MS = [2, 4, 6, 8, 10, 50, 100, 200, 400, 800, 1000, 1400, 2000, 5000, 10_000, 15_000]

interface PerResource {
  attributes: KeyValue[]
  calls: SeriesMap<{ count: number }>
  durations: SeriesMap<Explicit>
  exponentials: SeriesMap<Exponential>
  events: SeriesMap<{ count: number }>
  lastSeenMs: number
}

/** Counts spans and measures their durations, for each resource and for each combination of dimensions. */
export function createAggregate(settings: SpanMetricsSettings, instanceId: string) {
  const { histogram, exemplars } = settings
  const delta = settings.aggregation_temporality === 'AGGREGATION_TEMPORALITY_DELTA'
  const nsPerUnit = histogram.unit === 's' ? 1e9 : 1e6
  const perUnit = histogram.unit === 's' ? 1000 : 1
  const bounds = (histogram.explicit?.buckets ?? DEFAULT_BUCKETS_MS).map((ms) => ms / perUnit)
  const maxSize = histogram.exponential?.max_size || 160
  const ofCalls = describe(settings, settings.calls_dimensions, instanceId)
  const ofDurations = describe(settings, histogram.dimensions, instanceId)
  const ofEvents = describe(settings, settings.events.dimensions, instanceId)
  const resources = new Map<string, PerResource>()
  /** When a delta series was last told of. */
  const lastTold = new Map<string, bigint>()

  function resourceOf(attributes: KeyValue[], nowMs: number): PerResource {
    const keys = settings.resource_metrics_key_attributes
    const counted = keys.length === 0 ? attributes : attributes.filter(({ key }) => keys.includes(key))
    const key = keyOf([...counted].sort((a, b) => (a.key < b.key ? -1 : 1)))
    let resource = resources.get(key)
    // What was used last stays longest.
    if (resource) resources.delete(key)
    else {
      const options = { limit: settings.aggregation_cardinality_limit, maxExemplars: exemplars.max_per_data_point }
      resource = {
        attributes,
        calls: new SeriesMap({ ...options, make: () => ({ count: 0 }) }),
        durations: new SeriesMap({
          ...options,
          make: () => ({ sum: 0, count: 0, buckets: new Array(bounds.length + 1).fill(0) }),
        }),
        exponentials: new SeriesMap({ ...options, make: emptyExponential }),
        events: new SeriesMap({ ...options, make: () => ({ count: 0 }) }),
        lastSeenMs: nowMs,
      }
      if (resources.size >= settings.resource_metrics_cache_size) resources.delete(resources.keys().next().value!)
    }
    resource.lastSeenMs = nowMs
    resources.set(key, resource)
    return resource
  }

  function addSpan(to: PerResource, span: Span, scope: Scope, serviceName: string, nowMs: number): void {
    const { count, adjusted } = adjustedCount(span.traceState)
    const length = span.endTimeUnixNano - span.startTimeUnixNano
    const duration = length > 0n ? Number(length) / nsPerUnit : 0
    const subject: Subject = { span, scope, serviceName, attributes: to.attributes, adjusted }
    const into = <T>(series: SeriesMap<T>, attributes: KeyValue[]): Series<T> => {
      const { series: found, overflown } = series.at(keyOf(attributes), () => attributes, nowMs)
      if (exemplars.enabled && !overflown && span.traceId !== '') {
        series.addExemplar(found, span.traceId, span.spanId, duration)
      }
      return found
    }
    into(to.calls, ofCalls(subject)).value.count += count
    if (!histogram.disable) {
      const attributes = ofDurations(subject)
      if (histogram.exponential) observeExponential(into(to.exponentials, attributes).value, maxSize, duration, count)
      else observe(into(to.durations, attributes).value, bounds, duration, count)
    }
    if (!settings.events.enabled) return
    for (const event of span.events) {
      const merged = new Map([...to.attributes, ...event.attributes].map(({ key, value }) => [key, value]))
      const attributes = [...merged].map(([key, value]) => ({ key, value }))
      into(to.events, ofEvents({ ...subject, attributes })).value.count += count
    }
  }

  function metricsOf(resourceKey: string, resource: PerResource, nowNs: bigint): Metric[] {
    const temporality = delta ? 1 : 2
    const timesOf = (key: string, { startNs }: { startNs: bigint }) => {
      const id = `${resourceKey}\u0002${key}`
      const startTimeUnixNano = (delta && lastTold.get(id)) || startNs
      if (delta) lastTold.set(id, nowNs)
      return { startTimeUnixNano, timeUnixNano: nowNs }
    }
    const name = (last: string) => (settings.namespace === '' ? last : `${settings.namespace}.${last}`)
    const metric = (last: string, unit: string, data: Metric['data']): Metric => {
      return { name: name(last), description: '', unit, metadata: [], data }
    }
    const sum = (series: SeriesMap<{ count: number }>): Metric['data'] => {
      const points = [...series].map(([key, one]) => ({
        ...pointOf(one.attributes, one.exemplars, timesOf(key, one)),
        value: BigInt(!delta && one.fresh ? 0 : one.value.count),
      }))
      return { type: 'sum', points, temporality, monotonic: true }
    }
    const metrics = [metric('calls', '', sum(resource.calls))]
    if (histogram.exponential && !histogram.disable) {
      const points = [...resource.exponentials].map(([key, one]) => exponentialPoint(one, timesOf(key, one)))
      metrics.push(metric('duration', histogram.unit, { type: 'exponentialHistogram', points, temporality }))
    } else if (!histogram.disable) {
      const points = [...resource.durations].map(([key, one]) => explicitPoint(one, bounds, timesOf(key, one)))
      metrics.push(metric('duration', histogram.unit, { type: 'histogram', points, temporality }))
    }
    if (settings.events.enabled) metrics.push(metric('events', '', sum(resource.events)))
    return metrics
  }

  return {
    add(data: TracesData, nowMs: number): void {
      for (const { resource, scopes } of data) {
        const name = attributeOf(resource.attributes, 'service.name')
        if (name === undefined) continue
        const to = resourceOf(resource.attributes, nowMs)
        for (const { scope, items } of scopes) {
          for (const span of items) addSpan(to, span, scope, stringOf(name), nowMs)
        }
      }
    },
    /** What there is to tell now; deltas begin anew. */
    flush(nowMs: number): MetricsData {
      const nowNs = BigInt(nowMs) * 1_000_000n
      const data = [...resources].map(([key, one]) => ({
        resource: { attributes: one.attributes, droppedAttributesCount: 0 },
        schemaUrl: '',
        scopes: [
          {
            scope: { name: 'spanmetricsconnector', version: '', attributes: [], droppedAttributesCount: 0 },
            schemaUrl: '',
            items: metricsOf(key, one, nowNs),
          },
        ],
      }))
      if (delta) resources.clear()
      for (const [key, one] of resources) {
        for (const series of [one.calls, one.durations, one.exponentials, one.events]) {
          series.settle(nowMs, settings.series_expiration)
        }
        if (settings.metrics_expiration > 0 && nowMs - one.lastSeenMs >= settings.metrics_expiration) {
          resources.delete(key)
        }
      }
      while (lastTold.size > 100_000) lastTold.delete(lastTold.keys().next().value!)
      return data
    },
  }
}
