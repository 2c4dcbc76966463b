import type {
  ExponentialHistogramPoint,
  HistogramPoint,
  MetricData,
  NumberPoint,
  SummaryPoint,
  Temporality,
} from '../../otlp/types.ts'
import { table } from '../../util/table.ts'
import type { AnyPoint, Scene } from '../scene.ts'
import { goTypeOf, OttlStructure, type OttlValue, WrittenList } from '../values.ts'
import { type Access, asBool, asFloat, asInt, count, map, nanos, structures, text, time } from './access.ts'
import { cache } from './common.ts'

const metric = (scene: Scene) => scene.metric!
const point = (scene: Scene) => scene.datapoint!

const TYPES: MetricData['type'][] = ['none', 'gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']
const POINTS: Record<string, string> = table({
  gauge: 'pmetric.NumberDataPointSlice',
  sum: 'pmetric.NumberDataPointSlice',
  histogram: 'pmetric.HistogramDataPointSlice',
  exponentialHistogram: 'pmetric.ExponentialHistogramDataPointSlice',
  summary: 'pmetric.SummaryDataPointSlice',
})

export const METRIC: Record<string, Access> = table<Access>({
  name: text(metric, 'name'),
  description: text(metric, 'description'),
  unit: text(metric, 'unit'),
  metadata: map((scene) => metric(scene).metadata),
  // Setting it changes nothing, in the real one either.
  type: { get: (scene) => BigInt(TYPES.indexOf(metric(scene).data.type)), set: () => {} },
  aggregation_temporality: {
    get: (scene) => {
      const { data } = metric(scene)
      return 'temporality' in data ? BigInt(data.temporality) : null
    },
    set: (scene, value) => {
      const { data } = metric(scene)
      const temporality = Number(asInt(value)) as Temporality
      if ('temporality' in data) data.temporality = temporality
    },
  },
  is_monotonic: {
    get: (scene) => {
      const { data } = metric(scene)
      return data.type === 'sum' ? data.monotonic : null
    },
    set: (scene, value) => {
      const { data } = metric(scene)
      const monotonic = asBool(value)
      if (data.type === 'sum') data.monotonic = monotonic
    },
  },
  data_points: {
    get: (scene) => {
      const { data } = metric(scene)
      return data.type === 'none' ? null : new OttlStructure(POINTS[data.type]!, data.points)
    },
    set: (scene, value) => {
      const { data } = metric(scene)
      if (data.type !== 'none') structures(POINTS[data.type]!, () => data.points).set!(scene, value)
    },
  },
  cache,
})

const isNumber = (one: AnyPoint): one is NumberPoint => !('count' in one)
const isHistogram = (one: AnyPoint): one is HistogramPoint => 'explicitBounds' in one
const isExponential = (one: AnyPoint): one is ExponentialHistogramPoint => 'scale' in one
const isSummary = (one: AnyPoint): one is SummaryPoint => 'quantiles' in one

function goTypeOfPoint(one: AnyPoint): string {
  if (isNumber(one)) return 'pmetric.NumberDataPoint'
  if (isHistogram(one)) return 'pmetric.HistogramDataPoint'
  return isExponential(one) ? 'pmetric.ExponentialHistogramDataPoint' : 'pmetric.SummaryDataPoint'
}

/** A field that some kinds of points have. What is not there reads as nil, and cannot be set. */
function some<P extends AnyPoint>(
  fits: (one: AnyPoint) => one is P,
  go: string,
  get: (point: P) => OttlValue,
  set: (point: P, value: OttlValue) => void,
): Access {
  return {
    get: (scene) => {
      const one = point(scene)
      return fits(one) ? get(one) : null
    },
    set: (scene, value) => {
      const one = point(scene)
      if (fits(one)) return set(one, value)
      throw new Error(
        go === ''
          ? `unsupported data point type: ${goTypeOfPoint(one)}`
          : `expects ${go} but got ${goTypeOfPoint(one)}`,
      )
    },
  }
}

const counted = (one: AnyPoint): one is HistogramPoint | ExponentialHistogramPoint | SummaryPoint => 'count' in one
const withExemplars = (one: AnyPoint): one is NumberPoint | HistogramPoint | ExponentialHistogramPoint =>
  'exemplars' in one
const [NUMBER, HISTOGRAM, EXPONENTIAL, SUMMARY] = [
  'pmetric.NumberDataPoint',
  'pmetric.HistogramDataPoint',
  'pmetric.ExponentialHistogramDataPoint',
  'pmetric.SummaryDataPoint',
]

const COUNTS = '[]uint64'

/** Counts, as a Go slice that no attribute takes. */
const countsOf = (counts: readonly bigint[]) => new OttlStructure(COUNTS, [...counts])

/** A setter's list of counts, in the words of SetCommonIntSliceValues. */
function counts(value: OttlValue): bigint[] {
  if (value === null) return []
  if (value instanceof OttlStructure && value.go === COUNTS) return [...(value.value as bigint[])]
  if (!Array.isArray(value)) throw new Error(`cannot set a slice of ${goTypeOf(value)} from a value type: uint64`)
  const other = value.find((one) => typeof one !== 'bigint')
  if (other === undefined) return value.map((one) => BigInt.asUintN(64, one as bigint))
  const slice = value instanceof WrittenList ? 'a slice' : 'slice'
  throw new Error(`invalid value type provided for ${slice} of uint64: ${goTypeOf(other)}, expected int64`)
}

function bounds(value: OttlValue): number[] {
  if (value === null) return []
  if (!Array.isArray(value)) throw new Error(`invalid type provided for setting a slice of ${goTypeOf(value)}: float64`)
  const other = value.find((one) => typeof one !== 'number')
  if (other === undefined) return [...(value as number[])]
  const of = value instanceof WrittenList ? 'float64' : '[]float64'
  throw new Error(`invalid value type provided for a slice of ${of}: ${goTypeOf(other)}`)
}

function sideOf(name: 'positive' | 'negative'): Record<string, Access> {
  const go = 'pmetric.ExponentialHistogramDataPointBuckets'
  return {
    [name]: some(
      isExponential,
      EXPONENTIAL,
      (one) => new OttlStructure(go, one[name]),
      (one, value) => {
        if (!(value instanceof OttlStructure) || value.go !== go)
          throw new Error(`expects ${go} but got ${goTypeOf(value)}`)
        one[name] = structuredClone(value.value) as typeof one.positive
      },
    ),
    [`${name}.offset`]: some(
      isExponential,
      EXPONENTIAL,
      (one) => BigInt(one[name].offset),
      (one, value) => {
        one[name].offset = Number(BigInt.asIntN(32, asInt(value)))
      },
    ),
    [`${name}.bucket_counts`]: some(
      isExponential,
      EXPONENTIAL,
      (one) => countsOf(one[name].bucketCounts),
      (one, value) => {
        one[name].bucketCounts = counts(value)
      },
    ),
  }
}

export const DATA_POINT: Record<string, Access> = table({
  attributes: map((scene) => point(scene).attributes),
  start_time_unix_nano: nanos(point, 'startTimeUnixNano'),
  time_unix_nano: nanos(point, 'timeUnixNano'),
  start_time: time(point, 'startTimeUnixNano'),
  time: time(point, 'timeUnixNano'),
  flags: count(point, 'flags'),
  value_double: some(
    isNumber,
    NUMBER,
    (one) => (typeof one.value === 'number' ? one.value : 0),
    (one, value) => {
      one.value = asFloat(value)
    },
  ),
  value_int: some(
    isNumber,
    NUMBER,
    (one) => (typeof one.value === 'bigint' ? one.value : 0n),
    (one, value) => {
      one.value = asInt(value)
    },
  ),
  exemplars: some(
    withExemplars,
    '',
    (one) => new OttlStructure('pmetric.ExemplarSlice', one.exemplars),
    (one, value) => structures('pmetric.ExemplarSlice', () => one.exemplars).set!({} as Scene, value),
  ),
  count: some(
    counted,
    '',
    (one) => BigInt.asIntN(64, one.count),
    (one, value) => {
      one.count = BigInt.asUintN(64, asInt(value))
    },
  ),
  sum: some(
    counted,
    '',
    (one) => one.sum ?? 0,
    (one, value) => {
      one.sum = asFloat(value)
    },
  ),
  bucket_counts: some(
    isHistogram,
    HISTOGRAM,
    (one) => countsOf(one.bucketCounts),
    (one, value) => {
      one.bucketCounts = counts(value)
    },
  ),
  explicit_bounds: some(
    isHistogram,
    HISTOGRAM,
    (one) => [...one.explicitBounds],
    (one, value) => {
      one.explicitBounds = bounds(value)
    },
  ),
  scale: some(
    isExponential,
    EXPONENTIAL,
    (one) => BigInt(one.scale),
    (one, value) => {
      one.scale = Number(BigInt.asIntN(32, asInt(value)))
    },
  ),
  zero_count: some(
    isExponential,
    EXPONENTIAL,
    (one) => BigInt.asIntN(64, one.zeroCount),
    (one, value) => {
      one.zeroCount = BigInt.asUintN(64, asInt(value))
    },
  ),
  ...sideOf('positive'),
  ...sideOf('negative'),
  quantile_values: some(
    isSummary,
    SUMMARY,
    (one) => new OttlStructure('pmetric.SummaryDataPointValueAtQuantileSlice', one.quantiles),
    (one, value) =>
      structures('pmetric.SummaryDataPointValueAtQuantileSlice', () => one.quantiles).set!({} as Scene, value),
  ),
  cache,
})
