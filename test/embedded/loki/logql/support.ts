import { createLogql } from '../../../../src/embedded/loki/logql/create-logql.ts'
import type { ResultSeries } from '../../../../src/embedded/loki/logql/results.ts'
import type { Entry, Labels, LogSource } from '../../../../src/embedded/loki/logql/source.ts'

/** Where the tests' time begins. */
export const EPOCH = BigInt(Date.parse('2026-01-01T00:00:00Z')) * 1_000_000n
export const at = (seconds: number) => EPOCH + BigInt(Math.round(seconds * 1000)) * 1_000_000n

export const labelsOf = (object: Record<string, string>): Labels =>
  Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))

export interface TestLine {
  t: number
  line: string
  metadata?: Record<string, string>
}

/** Streams in memory, by their labels written as `app=foo,env=prod`. */
export function sourceOf(streams: Record<string, TestLine[]>): LogSource {
  const all = Object.entries(streams).map(([text, lines]) => ({
    labels: labelsOf(Object.fromEntries(text.split(',').map((pair) => pair.split('=')))),
    entries: lines.map(({ t, line, metadata = {} }): Entry => ({ nanos: at(t), line, metadata: labelsOf(metadata) })),
  }))
  return {
    *select({ matchers, startNanos, endNanos, direction }) {
      for (const { labels, entries } of all) {
        const values = new Map(labels)
        if (!matchers.every((m) => m.matches(values.get(m.name) ?? ''))) continue
        const inside = entries.filter((e) => e.nanos >= startNanos && e.nanos < endNanos)
        yield { labels, entries: () => (direction === 'forward' ? inside : inside.toReversed()) }
      }
    },
  }
}

export const logql = createLogql(() => EPOCH)

/** One line through a query's stages: what is left of it, and its labels. */
export function through(query: string, line: string, labels: Record<string, string> = { app: 'x' }, metadata = {}) {
  const found = logql.pipeline(logql.parse(query)).forStream(labelsOf(labels))({
    nanos: at(0),
    line,
    metadata: labelsOf(metadata),
  })
  if (found === undefined) return undefined
  const { stream, structuredMetadata, parsed } = found
  return { line: found.line, labels: Object.fromEntries([...stream, ...structuredMetadata, ...parsed]) }
}

const text = (labels: Labels) => labels.map(([name, value]) => `${name}=${value}`).join(',')
export const numbers = (series: readonly ResultSeries[]) =>
  Object.fromEntries(series.map(({ labels, points }) => [text(labels), points.map((p) => p.value)]))

/** A metric query at a time: the values by series. */
export async function instant(query: string, source: LogSource, seconds: number) {
  const result = await logql.instant({ query: logql.parse(query), source, nanos: at(seconds) })
  if (result.type === 'scalar') return result.value
  if (result.type === 'streams') throw new Error('lines')
  return numbers(result.series)
}

export async function range(query: string, source: LogSource, start: number, end: number, step: number) {
  const result = await logql.range({
    query: logql.parse(query),
    source,
    startNanos: at(start),
    endNanos: at(end),
    stepNanos: at(step) - EPOCH,
  })
  if (result.type !== 'matrix') throw new Error(result.type)
  return numbers(result.series)
}
