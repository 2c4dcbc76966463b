import type { Static } from '../ast.ts'
import { staticKey } from '../evaluate/pipeline.ts'

export interface Label {
  name: string
  value: Static
}

export interface Exemplar {
  labels: Label[]
  /** NaN stands for the value of the series at that time. */
  value: number
  timestampMs: number
}

export interface Series {
  labels: Label[]
  /** One for each interval; NaN where there is none. */
  values: Float64Array
  exemplars: Exemplar[]
}

/** By `keyOf` their labels. */
export type SeriesSet = Map<string, Series>

export const METRIC_NAME = '__name__'

/** Tells series apart; the metric's name does not count. '' for a series without labels. */
export function keyOf(labels: readonly Label[]): string {
  return labels
    .filter((l) => l.name !== METRIC_NAME)
    .map((l) => `${l.name}=${staticKey(l.value)}`)
    .join('\n')
}

export function nanArray(length: number): Float64Array {
  return new Float64Array(length).fill(Number.NaN)
}
