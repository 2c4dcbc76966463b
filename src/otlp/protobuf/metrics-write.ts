import type {
  Exemplar,
  ExponentialHistogramPoint,
  HistogramPoint,
  Metric,
  NumberPoint,
  SummaryPoint,
} from '../types.ts'
import { writeKeyValues } from './common.ts'
import type { Writer } from './writer.ts'

/** The reverse of metrics.ts, where the field numbers are listed. */
export function writeMetric(w: Writer, field: number, metric: Metric): void {
  w.message(field, () => {
    w.string(1, metric.name)
    w.string(2, metric.description)
    w.string(3, metric.unit)
    const { data } = metric
    if (data.type === 'gauge') w.message(5, () => each(w, data.points, writeNumberPoint))
    else if (data.type === 'sum') {
      w.message(7, () => {
        each(w, data.points, writeNumberPoint)
        w.uint32(2, data.temporality)
        if (data.monotonic) w.bool(3, true)
      })
    } else if (data.type === 'histogram') {
      w.message(9, () => {
        each(w, data.points, writeHistogramPoint)
        w.uint32(2, data.temporality)
      })
    } else if (data.type === 'exponentialHistogram') {
      w.message(10, () => {
        each(w, data.points, writeExponentialPoint)
        w.uint32(2, data.temporality)
      })
    } else if (data.type === 'summary') w.message(11, () => each(w, data.points, writeSummaryPoint))
    writeKeyValues(w, 12, metric.metadata)
  })
}

function each<P>(w: Writer, points: readonly P[], write: (w: Writer, point: P) => void): void {
  for (const point of points) w.message(1, () => write(w, point))
}

function writeTimes(w: Writer, point: { startTimeUnixNano: bigint; timeUnixNano: bigint }): void {
  w.fixed64(2, point.startTimeUnixNano)
  w.fixed64(3, point.timeUnixNano)
}

function writeNumberPoint(w: Writer, point: NumberPoint): void {
  writeTimes(w, point)
  if (typeof point.value === 'bigint') w.sfixed64(6, point.value)
  else if (point.value !== undefined) w.double(4, point.value)
  writeExemplars(w, 5, point.exemplars)
  writeKeyValues(w, 7, point.attributes)
  w.uint32(8, point.flags)
}

function writeOptional(w: Writer, field: number, value: number | undefined): void {
  if (value !== undefined) w.double(field, value)
}

function writeHistogramPoint(w: Writer, point: HistogramPoint): void {
  writeTimes(w, point)
  w.fixed64(4, point.count)
  writeOptional(w, 5, point.sum)
  w.packedFixed64(6, point.bucketCounts)
  w.packedDouble(7, point.explicitBounds)
  writeExemplars(w, 8, point.exemplars)
  writeKeyValues(w, 9, point.attributes)
  w.uint32(10, point.flags)
  writeOptional(w, 11, point.min)
  writeOptional(w, 12, point.max)
}

function writeExponentialPoint(w: Writer, point: ExponentialHistogramPoint): void {
  writeKeyValues(w, 1, point.attributes)
  writeTimes(w, point)
  w.fixed64(4, point.count)
  writeOptional(w, 5, point.sum)
  w.sint32(6, point.scale)
  w.fixed64(7, point.zeroCount)
  for (const [field, buckets] of [
    [8, point.positive],
    [9, point.negative],
  ] as const) {
    w.message(field, () => {
      w.sint32(1, buckets.offset)
      w.packedUint64(2, buckets.bucketCounts)
    })
  }
  w.uint32(10, point.flags)
  writeExemplars(w, 11, point.exemplars)
  writeOptional(w, 12, point.min)
  writeOptional(w, 13, point.max)
  if (point.zeroThreshold !== 0) w.double(14, point.zeroThreshold)
}

function writeSummaryPoint(w: Writer, point: SummaryPoint): void {
  writeTimes(w, point)
  w.fixed64(4, point.count)
  w.double(5, point.sum)
  for (const { quantile, value } of point.quantiles) {
    w.message(6, () => {
      w.double(1, quantile)
      w.double(2, value)
    })
  }
  writeKeyValues(w, 7, point.attributes)
  w.uint32(8, point.flags)
}

function writeExemplars(w: Writer, field: number, exemplars: readonly Exemplar[]): void {
  for (const exemplar of exemplars) {
    w.message(field, () => {
      w.fixed64(2, exemplar.timeUnixNano)
      if (typeof exemplar.value === 'bigint') w.sfixed64(6, exemplar.value)
      else w.double(3, exemplar.value)
      w.id(4, exemplar.spanId)
      w.id(5, exemplar.traceId)
      writeKeyValues(w, 7, exemplar.filteredAttributes)
    })
  }
}
