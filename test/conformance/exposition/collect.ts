import type { ExpositionSink, FlatLabels } from '../../../src/embedded/prometheus/exposition/entries.ts'

export interface Collected {
  name: string
  labels?: Record<string, string>
  value?: number
  time?: number | undefined
  exemplar?: { labels: Record<string, string>; value: number; time: number | undefined }
  type?: string
  help?: string
  unit?: string
}

const objectOf = (labels: FlatLabels) =>
  Object.fromEntries(Array.from({ length: labels.length / 2 }, (_, i) => [labels[2 * i]!, labels[2 * i + 1]!]))

/** Keeps what a page says, as the suite writes it. */
export function collect(): ExpositionSink & { entries: Collected[] } {
  const entries: Collected[] = []
  return {
    entries,
    sample: (name, labels, value, timestampMs, exemplar) =>
      entries.push({
        name,
        labels: objectOf(labels),
        value,
        time: timestampMs === undefined ? undefined : Math.trunc(timestampMs),
        ...(exemplar && {
          exemplar: {
            labels: objectOf(exemplar.labels),
            value: exemplar.value,
            time: exemplar.timestampMs === undefined ? undefined : Math.trunc(exemplar.timestampMs),
          },
        }),
      }),
    type: (name, type) => entries.push({ name, type }),
    help: (name, help) => entries.push({ name, help }),
    unit: (name, unit) => entries.push({ name, unit }),
  }
}
