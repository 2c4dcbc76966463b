/** What a scrape is made of, as client_golang's registry hands it to the encoder. */
export interface Family {
  name: string
  help: string
  type: FamilyType
  metrics: FamilyMetric[]
}

export type FamilyType = 'counter' | 'gauge' | 'summary' | 'histogram' | 'untyped'

export interface FamilyMetric {
  /** Sorted by name. */
  labels: [string, string][]
  timestampNs?: bigint
  value: number
  /** Of a counter. */
  exemplar?: TextExemplar
  /** Of a histogram or a summary. */
  count?: bigint
  buckets?: { bound: number; count: bigint; exemplar?: TextExemplar }[]
  quantiles?: { quantile: number; value: number }[]
}

export interface TextExemplar {
  labels: [string, string][]
  value: number
  timestampNs: bigint
}
