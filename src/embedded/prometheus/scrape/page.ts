import { table } from '../../../util/table.ts'
import type { FlatLabels, MetricType, ParsedExemplar } from '../exposition/entries.ts'
import { parseExposition } from '../exposition/parse.ts'

export interface PageSample {
  series: string
  labels: FlatLabels
  value: number
  timestampMs: number | undefined
  exemplar: ParsedExemplar | undefined
  /** When the counter began, from a `_created` line. */
  createdMs: number | undefined
}

export interface Metadata {
  type: MetricType
  help: string
  unit: string
}

export interface ParsedPage {
  samples: PageSample[]
  metadata: Map<string, Metadata>
}

const CONTENT_TYPES: Record<string, string> = table({
  'OpenMetricsText0.0.1': 'application/openmetrics-text',
  'OpenMetricsText1.0.0': 'application/openmetrics-text',
  'PrometheusText0.0.4': 'text/plain',
  'PrometheusText1.0.0': 'text/plain',
})

/** Throws ExpositionError. `fallback` is the protocol to assume when the page does not say. */
export function parsePage(body: Uint8Array, contentType: string, fallback: string): ParsedPage {
  const samples: PageSample[] = []
  const metadata = new Map<string, Metadata>()
  const created = new Map<string, number>()
  const about = (family: string) => {
    let entry = metadata.get(family)
    if (entry === undefined) {
      entry = { type: 'unknown', help: '', unit: '' }
      metadata.set(family, entry)
    }
    return entry
  }
  const known = /^\s*(application\/openmetrics-text|text\/plain)\b/i.test(contentType)
  const media = known ? contentType : (CONTENT_TYPES[fallback] ?? contentType)
  const isOpenMetrics = /openmetrics/i.test(media)
  parseExposition(body, media, {
    type: (family, type) => {
      about(family).type = type
    },
    help: (family, text) => {
      about(family).help = text
    },
    unit: (family, unit) => {
      about(family).unit = unit
    },
    sample: (series, labels, value, timestampMs, exemplar) => {
      const name = labels[1]!
      if (isOpenMetrics && name.endsWith('_created') && hasCreated(metadata.get(name.slice(0, -8))?.type)) {
        created.set(pointKey(name.slice(0, -8), labels), Math.trunc(value * 1000))
        return
      }
      const time = timestampMs === undefined ? undefined : Math.trunc(timestampMs)
      samples.push({ series, labels, value, timestampMs: time, exemplar, createdMs: undefined })
    },
  })
  if (created.size > 0) {
    for (const sample of samples) {
      const family = sample.labels[1]!.replace(/_(total|bucket|count|sum)$/, '')
      sample.createdMs = created.get(pointKey(family, sample.labels))
    }
  }
  return { samples, metadata }
}

const hasCreated = (type: MetricType | undefined) => type === 'counter' || type === 'histogram' || type === 'summary'

function pointKey(family: string, labels: FlatLabels): string {
  const pairs: string[] = []
  for (let i = 2; i < labels.length; i += 2) {
    if (labels[i] !== 'le' && labels[i] !== 'quantile') pairs.push(`${labels[i]}\xff${labels[i + 1]}`)
  }
  return [family, ...pairs.sort()].join('\xfe')
}
