import { cloneOtlp } from '../../otlp/clone.ts'
import { metricTypeName } from '../../otlp/metric-type-name.ts'
import type { Exemplar, HistogramPoint, NumberPoint } from '../../otlp/types.ts'
import { arg, define, type OttlFunction, opt } from '../function.ts'
import { temporalityOf } from './made.ts'

type Number64 = number | bigint | undefined

const scaled = <T extends Number64>(value: T, by: number): T =>
  (typeof value === 'bigint'
    ? BigInt(Math.trunc(Number(value) * by))
    : value === undefined
      ? undefined
      : (value as number) * by) as T

function scaleNumber(point: NumberPoint, by: number): void {
  point.value = scaled(point.value, by)
}

function scaleHistogram(point: HistogramPoint, by: number): void {
  point.sum = scaled(point.sum, by)
  point.min = scaled(point.min, by)
  point.max = scaled(point.max, by)
  point.explicitBounds = point.explicitBounds.map((bound) => bound * by)
  for (const exemplar of point.exemplars) scaleExemplar(exemplar, by)
}

function scaleExemplar(exemplar: Exemplar, by: number): void {
  exemplar.value = scaled(exemplar.value, by)
}

/** What a metric is, and what its numbers are. */
export const KINDS: readonly OttlFunction[] = [
  define('convert_sum_to_gauge', [], (_, { metric }) => {
    const { data } = metric!
    if (data.type === 'sum') metric!.data = { type: 'gauge', points: data.points }
  }),
  define(
    'convert_gauge_to_sum',
    [arg('StringAggTemp', 'string'), arg('Monotonic', 'bool')],
    ([temporality, monotonic], { metric }) => {
      const { points, type } = metric!.data as { points: NumberPoint[]; type: string }
      if (type === 'gauge') metric!.data = { type: 'sum', points, temporality: temporalityOf(temporality), monotonic }
    },
    ([temporality]) => void temporalityOf(temporality),
  ),
  define(
    'copy_metric',
    [opt('Name', 'StringGetter'), opt('Description', 'StringGetter'), opt('Unit', 'StringGetter')],
    ([name, description, unit], { metric, scope }) => {
      const copy = cloneOtlp(metric!)
      scope!.items.push({
        ...copy,
        ...(name !== undefined && { name }),
        ...(description !== undefined && { description }),
        ...(unit !== undefined && { unit }),
      })
    },
  ),
  define('scale_metric', [arg('Multiplier', 'float64'), opt('Unit', 'StringGetter')], ([by, unit], { metric }) => {
    const { data } = metric!
    if (data.type === 'gauge' || data.type === 'sum') for (const point of data.points) scaleNumber(point, by)
    else if (data.type === 'histogram') for (const point of data.points) scaleHistogram(point, by)
    else if (data.type === 'summary') {
      for (const point of data.points) {
        point.sum *= by
        for (const one of point.quantiles) one.value *= by
      }
    } else if (data.type === 'exponentialHistogram') {
      throw new Error("exponential histograms are not supported by the 'scale_metric' function")
    } else throw new Error(`unsupported metric type: '${metricTypeName(metric!)}'`)
    if (unit !== undefined) metric!.unit = unit
  }),
]
