import { labelsObject } from '../../series/labels.ts'
import type { Value } from '../promql/engine.ts'

/** A sample's value as the API writes it: Go's shortest 'f', or 'e' when that would be long. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  const text = String(value)
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '') : text
}

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
