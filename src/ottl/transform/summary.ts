import { clonePairs } from '../../otlp/clone.ts'
import type { SummaryPoint } from '../../otlp/types.ts'
import { arg, define, type OttlFunction, opt } from '../function.ts'
import { append, numberPoint, temporalityOf } from './made.ts'

const ofSummary = (what: 'count' | 'sum', read: (point: SummaryPoint) => number | bigint) =>
  define(
    `convert_summary_${what}_val_to_sum`,
    [arg('StringAggTemp', 'string'), arg('Monotonic', 'bool'), opt('Suffix', 'string')],
    ([temporality, monotonic, suffix = `_${what}`], scene) => {
      const { name, description, unit, data } = scene.metric!
      if (data.type !== 'summary') return
      const points = data.points.map((point) => numberPoint(point, read(point)))
      const sum = { type: 'sum', points, temporality: temporalityOf(temporality), monotonic } as const
      append(scene, { name: name + suffix, description, unit, data: sum })
    },
    ([temporality]) => void temporalityOf(temporality),
  )

export const OF_SUMMARIES: readonly OttlFunction[] = [
  ofSummary('count', ({ count }) => BigInt.asIntN(64, count)),
  ofSummary('sum', ({ sum }) => sum),
]

export const QUANTILES: readonly OttlFunction[] = [
  define(
    'convert_summary_quantile_val_to_gauge',
    [opt('AttributeKey', 'string'), opt('Suffix', 'string')],
    ([key = 'quantile', suffix = '.quantiles'], scene) => {
      const { name, description, unit, data } = scene.metric!
      if (data.type !== 'summary') return
      const points = data.points.flatMap((point) =>
        point.quantiles.map(({ quantile, value }) => {
          const others = clonePairs(point.attributes).filter((pair) => pair.key !== key)
          return { ...numberPoint(point, value), attributes: [...others, { key, value: quantile }] }
        }),
      )
      append(scene, { name: name + suffix, description, unit, data: { type: 'gauge', points } })
    },
  ),
]
