import { QueryError } from '../../../errors.ts'
import { parsePromDuration } from '../config/units.ts'
import { compareLabels } from '../store/labels.ts'
import { sampleAt, samplesIn } from '../store/read.ts'
import type { Store } from '../store.ts'
import type { QueryEngine } from './query-engine.ts'
import { selectorsOf } from './selectors.ts'

/**
 * Answers the simplest PromQL straight from the store: a selector, at one time, over a range of steps, or with a
 * window in brackets. Anything else is refused by a QueryError that says so.
 */
export function createSelectorEngine(store: Store): QueryEngine {
  function read(query: string) {
    const [only, ...others] = selectorsOf(query)
    const rest = only === undefined ? query : query.trim().slice(only.text.length)
    const window = /^\[(\w+)\]$/.exec(rest)
    const windowMs = window === null ? undefined : parsePromDuration(window[1]!)
    const whole = only !== undefined && others.length === 0 && query.trim().startsWith(only.text)
    if (!whole || (rest !== '' && windowMs === undefined)) {
      throw new QueryError('only plain series selectors are answered here', query, 0, query.length)
    }
    const series = store.head.select(only.matchers).sort((a, b) => compareLabels(a.labels, b.labels))
    return { series, windowMs }
  }

  return {
    instant(query, time, { lookbackMs }) {
      const { series, windowMs } = read(query)
      if (windowMs !== undefined) {
        const result = series
          .map((one) => ({ labels: one.labels, ...samplesIn(one, time - windowMs, time) }))
          .filter(({ times }) => times.length > 0)
        return { data: { resultType: 'matrix', result }, warnings: [], infos: [] }
      }
      const result = series.flatMap((one) => {
        const value = sampleAt(one, time, lookbackMs)?.value
        return value === undefined ? [] : [{ labels: one.labels, time, value }]
      })
      return { data: { resultType: 'vector', result }, warnings: [], infos: [] }
    },
    range(query, { start, end, step }, { lookbackMs }) {
      const { series, windowMs } = read(query)
      if (windowMs !== undefined) {
        const why = 'invalid expression type "range vector" for range query, must be Scalar or instant Vector'
        throw new QueryError(why, query, 0, query.length)
      }
      const result = series.flatMap((one) => {
        const times: number[] = []
        const values: number[] = []
        for (let time = start; time <= end; time += step) {
          const value = sampleAt(one, time, lookbackMs)?.value
          if (value === undefined) continue
          times.push(time)
          values.push(value)
        }
        return times.length === 0 ? [] : [{ labels: one.labels, times, values }]
      })
      return { data: { resultType: 'matrix', result }, warnings: [], infos: [] }
    },
    format: (query) => {
      read(query)
      return query.trim()
    },
  }
}
