import type { Entry, Labels, LogSource } from '../../../src/embedded/loki/logql/source.ts'

export interface SuiteEntry {
  stream: Record<string, string>
  t_ms: number
  line: string
  metadata?: Record<string, string>
}

const labelsOf = (object: Record<string, string> = {}): Labels =>
  Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1))

/** The suite's lines as a store that holds them in memory. */
export function memorySource(entries: readonly SuiteEntry[], nanos: (ms: number) => bigint): LogSource {
  const streams = new Map<string, { labels: Labels; entries: Entry[] }>()
  for (const { stream, t_ms, line, metadata } of entries) {
    // Loki takes a label without a value for none when it takes lines in.
    const labels = labelsOf(stream).filter(([, value]) => value !== '')
    const key = JSON.stringify(labels)
    const known = streams.get(key) ?? { labels, entries: [] }
    known.entries.push({ nanos: nanos(t_ms), line, metadata: labelsOf(metadata) })
    streams.set(key, known)
  }
  for (const stream of streams.values()) stream.entries.sort((a, b) => Number(a.nanos - b.nanos))
  return {
    *select({ matchers, startNanos, endNanos, direction }) {
      for (const stream of streams.values()) {
        const values = new Map(stream.labels)
        if (!matchers.every((m) => m.matches(values.get(m.name) ?? ''))) continue
        const inside = stream.entries.filter((e) => e.nanos >= startNanos && e.nanos < endNanos)
        yield { labels: stream.labels, entries: () => (direction === 'forward' ? inside : inside.toReversed()) }
      }
    },
  }
}
