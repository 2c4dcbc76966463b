import type { SampleBuffer } from '../../src/embedded/prometheus/promql/evaluate/sample-buffer.ts'
import type { SampleSource, SourceMatcher } from '../../src/embedded/prometheus/promql/source.ts'
import { type Labels, labelsFrom, labelsKey, labelValue } from '../../src/embedded/series/labels.ts'

interface Sample {
  time: number
  value: number
  stale: boolean
}

/** Samples for PromQL without a store. */
export class MemorySource implements SampleSource {
  readonly #series = new Map<string, { labels: Labels; samples: Sample[] }>()

  add(labels: Record<string, string>, samples: readonly Sample[]): void {
    const set = labelsFrom(Object.entries(labels))
    const known = this.#series.get(labelsKey(set)) ?? { labels: set, samples: [] }
    known.samples.push(...samples)
    known.samples.sort((a, b) => a.time - b.time)
    this.#series.set(labelsKey(set), known)
  }

  select(matchers: readonly SourceMatcher[]) {
    return [...this.#series.values()]
      .filter(({ labels }) => matchers.every((m) => m.matches(labelValue(labels, m.name))))
      .map(({ labels, samples }) => ({
        labels,
        read(from: number, to: number, into: SampleBuffer) {
          for (const { time, value, stale } of samples) {
            if (time > from && time <= to) into.push(time, value, stale)
          }
        },
        last(from: number, to: number) {
          const found = samples.findLast((s) => s.time <= to)
          return found !== undefined && found.time > from && !found.stale ? found : undefined
        },
      }))
  }
}
