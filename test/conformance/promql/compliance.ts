import { Engine } from '../../../src/embedded/prometheus/promql/engine.ts'
import { labelsObject } from '../../../src/embedded/series/labels.ts'
import { MemorySource } from '../../support/memory-source.ts'
import { judged, refusalFault, type Tally } from '../shared/tally.ts'
import { close, keyOf, parseValue } from './compare.ts'

export interface Dataset {
  series: { labels: Record<string, string>; samples: [time: number, value: number | string][] }[]
}

export interface Recorded {
  base_s: number
  start_s: number
  end_s: number
  step_s: number
  lookback_s: number
  cases: {
    query: string
    should_fail: boolean
    result?: { type: string; series: { m: Record<string, string>; v: [number, string][] }[] }
  }[]
}

export interface Range {
  start: number
  end: number
  step: number
}

/** Answers a range query, times in ms; rejects when it is refused. */
export type Asker = (
  query: string,
  range: Range,
) => Promise<{ labels: Record<string, string>; points: [ms: number, value: number][] }[]>

/** The evaluator alone, over the data set in memory. */
export function engineAsker(dataset: Dataset): Asker {
  const source = new MemorySource()
  for (const { labels, samples } of dataset.series) {
    source.add(
      labels,
      samples.map(([time, value]) => ({ time, value: parseValue(value), stale: value === 'stale' })),
    )
  }
  const engine = new Engine({ source, now: () => Date.now() })
  return async (query, range) => {
    const { data } = await engine.range(query, range, { lookbackMs: 300_000, deadline: Date.now() + 10_000 })
    if (data.resultType !== 'matrix') throw new Error(`is a ${data.resultType}`)
    return data.result.map(({ labels, times, values }) => ({
      labels: labelsObject(labels),
      points: Array.from(times, (time, i) => [time, values[i]!]),
    }))
  }
}

/** The compliance tester's queries over a data set, beside the answers that a real Prometheus gave. */
export async function complianceCases(name: string, ask: Asker, recorded: Recorded, tally: Tally): Promise<void> {
  const put = (one: Recorded['cases'][number]) => judged(one.query, () => run(ask, one, recorded))
  tally(name, await Promise.all(recorded.cases.map(put)))
}

async function run(ask: Asker, one: Recorded['cases'][number], recorded: Recorded): Promise<string | undefined> {
  const { start_s, end_s, step_s, base_s } = recorded
  const refused = one.should_fail || one.result === undefined
  try {
    const got = await ask(one.query, { start: start_s * 1000, end: end_s * 1000, step: step_s * 1000 })
    if (refused) return 'must fail'
    const wanted = one.result!.series
    if (wanted.length !== got.length) return `${got.length} series instead of ${wanted.length}`
    const found = new Map(got.map(({ labels, points }) => [keyOf(labels), points]))
    for (const { m, v } of wanted) {
      const points = found.get(keyOf(m))
      if (points === undefined) return `no ${keyOf(m)}`
      if (points.length !== v.length) return `${keyOf(m)}: ${points.length} values instead of ${v.length}`
      for (const [i, [time, value]] of v.entries()) {
        const ms = Math.round((time + base_s) * 1000)
        const [at, number] = points[i]!
        if (at !== ms) return `${keyOf(m)}: at ${at}, not ${ms}`
        if (!close(number, parseValue(value), 1e-6)) return `${keyOf(m)} at ${time}: ${number} not ${value}`
      }
    }
    return undefined
  } catch (error) {
    if (!refused) throw error
    return refusalFault(error)
  }
}
