import { Engine } from '../promql/engine.ts'
import type { SampleSource } from '../promql/source.ts'
import { readSeries, sampleAt } from '../store/read.ts'
import type { Store } from '../store.ts'

/** How many queries run at a time; the others wait, so that their memory does not add up. */
const CONCURRENT = 2

/** The store, as PromQL reads it. */
export function storeSource(store: Store): SampleSource {
  return {
    *select(matchers) {
      // In the order in which series came to be, as the real head keeps them.
      for (const series of store.head.select(matchers).sort((a, b) => a.ref - b.ref)) {
        yield {
          labels: series.labels,
          read: (from, to, into) => readSeries(series, from, to, into),
          last: (from, to) => sampleAt(series, to, to - from),
        }
      }
    },
  }
}

/** PromQL over the store. Its methods reject with QueryError or EvaluationError. */
export type QueryEngine = Pick<Engine, 'instant' | 'range'>

export function createQueryEngine(store: Store, now: () => number): QueryEngine {
  const engine = new Engine({ source: storeSource(store), now })
  let running = 0
  const waiting: (() => void)[] = []
  async function inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (running >= CONCURRENT) await new Promise<void>((resolve) => waiting.push(resolve))
    running++
    try {
      return await run()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
  return {
    instant: (query, time, options) => inTurn(() => engine.instant(query, time, options)),
    range: (query, range, options) => inTurn(() => engine.range(query, range, options)),
  }
}
