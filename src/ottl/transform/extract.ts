import { metricTypeName } from '../../otlp/metric-type-name.ts'
import type { ExponentialHistogramPoint, HistogramPoint, MetricData, NumberPoint } from '../../otlp/types.ts'
import { arg, define, type OttlFunction, opt } from '../function.ts'
import { append, numberPoint } from './made.ts'
import { exponentialPercentile, histogramPercentile } from './percentile.ts'

type Counted = Extract<MetricData, { type: 'histogram' | 'exponentialHistogram' | 'summary' }>

const isCounted = (data: MetricData): data is Counted =>
  data.type === 'histogram' || data.type === 'exponentialHistogram' || data.type === 'summary'

const extracting = (
  what: 'count' | 'sum',
  unitOf: (unit: string) => string,
  read: (point: Counted['points'][number]) => number | bigint | undefined,
) =>
  define(
    `extract_${what}_metric`,
    [arg('Monotonic', 'bool'), opt('Suffix', 'string')],
    ([monotonic, suffix = `_${what}`], scene) => {
      const { name, description, unit, data } = scene.metric!
      // A summary has no temporality, and should be cumulative.
      const temporality = !isCounted(data) ? 0 : data.type === 'summary' ? 2 : data.temporality
      if (!isCounted(data) || temporality === 0) {
        const wanted = 'requires an input metric of type Histogram, ExponentialHistogram or Summary'
        throw new Error(`extract_${what}_metric ${wanted}, got ${metricTypeName(scene.metric!)}`)
      }
      const points = data.points.flatMap((point): NumberPoint[] => {
        const value = read(point)
        return value === undefined ? [] : [numberPoint(point, value)]
      })
      if (points.length === 0) return
      const sum = { type: 'sum', points, temporality, monotonic } as const
      append(scene, { name: name + suffix, description, unit: unitOf(unit), data: sum })
    },
  )

export const EXTRACT: readonly OttlFunction[] = [
  extracting(
    'count',
    () => '1',
    ({ count }) => BigInt.asIntN(64, count),
  ),
  extracting(
    'sum',
    (unit) => unit,
    ({ sum }) => sum,
  ),
  define(
    'extract_percentile_metric',
    [arg('Percentile', 'float64'), opt('Suffix', 'string')],
    ([percentile, suffix], scene) => {
      const { name, description, unit, data } = scene.metric!
      if (data.type !== 'histogram' && data.type !== 'exponentialHistogram') return
      const read = data.type === 'histogram' ? histogramPercentile : exponentialPercentile
      const points = data.points.flatMap((point): NumberPoint[] => {
        const value = read(point as HistogramPoint & ExponentialHistogramPoint, percentile)
        return value === undefined ? [] : [numberPoint(point, value)]
      })
      if (points.length === 0) return
      append(scene, {
        name: name + (suffix || `_p${percentile}`),
        description: description === '' ? `p${percentile}` : `${description} (p${percentile})`,
        unit,
        data: { type: 'gauge', points },
      })
    },
    ([percentile]) => {
      if (typeof percentile !== 'number' || (percentile > 0 && percentile < 100)) return
      throw new Error(`percentile must be greater than 0 and less than 100, got ${percentile.toFixed(6)}`)
    },
  ),
]
