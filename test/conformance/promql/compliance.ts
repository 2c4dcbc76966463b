import { Engine } from '../../../src/embedded/prometheus/promql/engine.ts'
import { labelsObject } from '../../../src/embedded/series/labels.ts'
import { MemorySource } from '../../support/memory-source.ts'
import type { Tally } from '../traceql/tally.ts'
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
    error?: string
  }[]
}

/** The compliance tester's queries over a data set, beside the answers that a real Prometheus gave. */
export async function complianceCases(dataset: Dataset, recorded: Recorded, tally: Tally): Promise<void> {
  const source = new MemorySource()
  for (const { labels, samples } of dataset.series) {
    source.add(
      labels,
      samples.map(([time, value]) => ({ time, value: parseValue(value), stale: value === 'stale' })),
    )
  }
  const engine = new Engine({ source, now: () => Date.now() })
  const results: [boolean, string][] = []
  for (const one of recorded.cases) {
    const fault = await run(engine, one, recorded)
    results.push([fault === undefined, `${one.query}: ${fault}`])
  }
  tally('compliance', results)
}

async function run(engine: Engine, one: Recorded['cases'][number], recorded: Recorded): Promise<string | undefined> {
  const { start_s, end_s, step_s, lookback_s, base_s } = recorded
  const range = { start: start_s * 1000, end: end_s * 1000, step: step_s * 1000 }
  try {
    const { data } = await engine.range(one.query, range, {
      lookbackMs: lookback_s * 1000,
      deadline: Date.now() + 10_000,
    })
    if (one.should_fail || one.result === undefined) return 'must fail'
    if (data.resultType !== 'matrix') return `is a ${data.resultType}`
    const wanted = one.result.series
    if (wanted.length !== data.result.length) return `${data.result.length} series instead of ${wanted.length}`
    const found = new Map(data.result.map((series) => [keyOf(labelsObject(series.labels)), series]))
    for (const { m, v } of wanted) {
      const got = found.get(keyOf(m))
      if (got === undefined) return `no ${keyOf(m)}`
      if (got.times.length !== v.length) return `${keyOf(m)}: ${got.times.length} values instead of ${v.length}`
      for (const [i, [time, value]] of v.entries()) {
        const ms = Math.round((time + base_s) * 1000)
        if (got.times[i] !== ms) return `${keyOf(m)}: at ${got.times[i]}, not ${ms}`
        if (!close(got.values[i]!, parseValue(value), 1e-6))
          return `${keyOf(m)} at ${time}: ${got.values[i]} not ${value}`
      }
    }
    return undefined
  } catch (error) {
    return one.should_fail || one.result === undefined ? undefined : (error as Error).message
  }
}
