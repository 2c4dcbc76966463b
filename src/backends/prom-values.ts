import { table } from '../util/table.ts'

/** Prometheus's `data` of a query, which Loki's metric queries share (prometheus.io/docs/prometheus/latest/querying/api). */

export type Labels = Record<string, string>

export interface Sample {
  /** Milliseconds since the epoch. */
  time: number
  value: number
}

export interface VectorSample extends Sample {
  labels: Labels
}

export interface MatrixSeries {
  labels: Labels
  samples: Sample[]
}

export type MetricResult =
  | { type: 'vector'; samples: VectorSample[] }
  | { type: 'matrix'; series: MatrixSeries[] }
  | { type: 'scalar'; sample: Sample }
  | { type: 'string'; time: number; text: string }

type JsonPoint = [number, string]

export interface JsonResult {
  resultType: string
  result: unknown
}

const WORDS: Record<string, number> = table({
  '+Inf': Number.POSITIVE_INFINITY,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
})

/** Numbers come as text, the infinities in Go's words. */
export const readNumber = (text: string): number => WORDS[text] ?? Number(text)

const readPoint = ([seconds, text]: JsonPoint): Sample => ({ time: seconds * 1000, value: readNumber(text) })

/** Native histograms are not among the samples. */
export function readResult({ resultType, result }: JsonResult): MetricResult {
  if (resultType === 'vector') {
    const list = result as { metric: Labels; value?: JsonPoint }[]
    return {
      type: 'vector',
      samples: list.flatMap(({ metric, value }) => (value ? [{ labels: metric, ...readPoint(value) }] : [])),
    }
  }
  if (resultType === 'matrix') {
    const list = result as { metric: Labels; values?: JsonPoint[] }[]
    return {
      type: 'matrix',
      series: list.map(({ metric, values = [] }) => ({ labels: metric, samples: values.map(readPoint) })),
    }
  }
  if (resultType === 'scalar') return { type: 'scalar', sample: readPoint(result as JsonPoint) }
  if (resultType === 'string') {
    const [seconds, text] = result as JsonPoint
    return { type: 'string', time: seconds * 1000, text }
  }
  throw new Error(`unknown resultType ${resultType}`)
}
