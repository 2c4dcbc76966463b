import { formatJsonFloat } from '../../../util/go-format.ts'
import { labelsObject } from '../../series/labels.ts'
import type { Value } from '../promql/engine.ts'

/** A sample's value as the API writes it. */
export const formatValue = (value: number): string => formatJsonFloat(value, 2)

const point = (time: number, value: number): [number, string] => [time / 1000, formatValue(value)]

/** A query's data as the API's JSON has it. */
export function queryDataJson(data: Value): unknown {
  switch (data.resultType) {
    case 'vector':
      return {
        resultType: 'vector',
        result: data.result.map((s) => ({ metric: labelsObject(s.labels), value: point(s.time, s.value) })),
      }
    case 'matrix':
      return {
        resultType: 'matrix',
        result: data.result.map(({ labels, times, values }) => ({
          metric: labelsObject(labels),
          values: Array.from(times, (time, i) => point(time, values[i]!)),
        })),
      }
    case 'scalar':
      return { resultType: 'scalar', result: point(data.time, data.value) }
    case 'string':
      return { resultType: 'string', result: [data.time / 1000, data.value] }
  }
}
