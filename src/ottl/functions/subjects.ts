import { attributeOf } from '../../otlp/attributes.ts'
import type { Metric } from '../../otlp/types.ts'
import { arg, define, type OttlFunction } from '../function.ts'

/** ottlspan's. */
export const ABOUT_SPANS: readonly OttlFunction[] = [
  define('IsRootSpan', [], (_, { span }) => span!.parentSpanId === ''),
]

/** The filter processor's. */
export const ABOUT_METRICS: readonly OttlFunction[] = [
  define('HasAttrKeyOnDatapoint', [arg('Key', 'string')], ([key], { metric }) => firstOf(metric!, key) !== undefined),
  define(
    'HasAttrOnDatapoint',
    [arg('Key', 'string'), arg('ExpectedVal', 'string')],
    ([key, value], { metric }) => firstOf(metric!, key) === value,
  ),
]

/** The first point that has the attribute speaks for all. */
function firstOf({ data }: Metric, key: string) {
  if (data.type === 'none') throw new Error('unknown metric type')
  return data.points.map(({ attributes }) => attributeOf(attributes, key)).find((value) => value !== undefined)
}
