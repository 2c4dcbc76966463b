import { attributeOf } from '../../otlp/attributes.ts'
import type { Metric } from '../../otlp/types.ts'
import { arg, define, type OttlFunction } from '../function.ts'
import { compare } from '../values.ts'

/** ottlspan's. */
export const ABOUT_SPANS: readonly OttlFunction[] = [
  define('IsRootSpan', [], (_, { span }) => span!.parentSpanId === ''),
]

/** The filter processor's. */
export const ABOUT_METRICS: readonly OttlFunction[] = [
  define('HasAttrKeyOnDatapoint', [arg('Key', 'string')], ([key], { metric }) =>
    pointsOf(metric!).some((point) => attributeOf(point.attributes, key) !== undefined),
  ),
  define('HasAttrOnDatapoint', [arg('Key', 'string'), arg('ExpectedVal', 'string')], ([key, value], { metric }) =>
    pointsOf(metric!).some((point) => compare(attributeOf(point.attributes, key) ?? null, value, '==')),
  ),
]

function pointsOf({ data }: Metric) {
  return data.type === 'none' ? [] : data.points
}
