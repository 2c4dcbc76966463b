import type { ExponentialHistogramPoint, HistogramPoint } from '../../otlp/types.ts'
import { arg, define, list, type OttlFunction, opt } from '../function.ts'
import { DISTRIBUTIONS, explicitCounts } from './distribute.ts'

const METHODS = ['remove_explicit_bound', 'limit_buckets']

function most(target: number): number {
  if (target >= 1 && Number.isInteger(target) && target <= Number(2n ** 63n - 1n)) return target
  throw new Error(`target_value must be a positive integer when method is "limit_buckets", got ${target}`)
}

/** The bucket up to a bound goes into the next. */
function removeBound({ explicitBounds: bounds, bucketCounts: counts }: HistogramPoint, target: number): void {
  const at = bounds.findIndex((bound) => Math.abs(bound - target) < 1e-12)
  if (at < 0) return
  counts[at + 1] = counts[at + 1]! + counts[at]!
  counts.splice(at, 1)
  bounds.splice(at, 1)
}

/** As many buckets each into one as it takes to have no more than so many. */
function limit(point: HistogramPoint, target: number): void {
  const { explicitBounds: bounds, bucketCounts: counts } = point
  if (counts.length <= target || counts.length <= 1) return
  if (!bounds.every((bound, i) => i === 0 || bound > bounds[i - 1]!)) return
  const each = Math.ceil(counts.length / target)
  point.bucketCounts = Array.from({ length: Math.ceil(counts.length / each) }, (_, i) =>
    counts.slice(i * each, (i + 1) * each).reduce((a, b) => a + b, 0n),
  )
  point.explicitBounds = bounds.filter((_, i) => i % each === each - 1)
}

export const BUCKETS: readonly OttlFunction[] = [
  define(
    'merge_histogram_buckets',
    [arg('TargetValue', 'FloatLikeGetter'), opt('Method', 'string')],
    ([target, method = METHODS[0]!], { datapoint }) => {
      if (!('explicitBounds' in datapoint!)) return
      if (target === null) throw new Error('target_value must not be nil')
      const limits = method === 'limit_buckets'
      if (limits) most(target)
      if (datapoint.explicitBounds.length + 1 !== datapoint.bucketCounts.length) return
      if (limits) limit(datapoint, target)
      else removeBound(datapoint, target)
    },
    ([target, method]) => {
      if (typeof method === 'string' && !METHODS.includes(method)) {
        const expected = METHODS.map((one) => JSON.stringify(one)).join(' or ')
        throw new Error(`unsupported method ${JSON.stringify(method)}, expected ${expected}`)
      }
      if (target === null) throw new Error('target_value must not be nil')
      if (method === 'limit_buckets' && (typeof target === 'number' || typeof target === 'bigint')) most(Number(target))
    },
  ),
]

function explicit(point: ExponentialHistogramPoint, bounds: readonly number[], way: string): HistogramPoint {
  const { attributes, startTimeUnixNano, timeUnixNano, count, exemplars } = point
  return {
    ...{ attributes, startTimeUnixNano, timeUnixNano, count, exemplars, flags: 0 },
    ...{ sum: point.sum ?? 0, min: point.min ?? 0, max: point.max ?? 0 },
    ...{ explicitBounds: [...bounds], bucketCounts: explicitCounts(point, bounds, way) },
  }
}

export const EXPLICIT: readonly OttlFunction[] = [
  define(
    'convert_exponential_histogram_to_histogram',
    [arg('DistributionFn', 'string'), list('ExplicitBounds', 'float64')],
    ([way, bounds], { metric }) => {
      const { data } = metric!
      if (data.type !== 'exponentialHistogram') return
      const points = data.points.map((point) => explicit(point, bounds, way || 'random'))
      metric!.data = { type: 'histogram', temporality: data.temporality, points }
      metric!.metadata = []
    },
    ([way, bounds]) => {
      if (typeof way === 'string' && way !== '' && !DISTRIBUTIONS.includes(way)) {
        throw new Error(`invalid conversion function: ${way}, must be one of [${DISTRIBUTIONS.join(', ')}]`)
      }
      if (Array.isArray(bounds) && bounds.length === 0) throw new Error('explicit bounds cannot be empty: []')
    },
  ),
]
