import { clonePairs } from '../../otlp/clone.ts'
import type { Metric, NumberPoint } from '../../otlp/types.ts'
import type { AnyPoint, Scene } from '../scene.ts'

/** A point with a number in the place of another's data. */
export const numberPoint = (
  { attributes, startTimeUnixNano, timeUnixNano }: AnyPoint,
  value: number | bigint,
): NumberPoint => ({
  ...{ attributes: clonePairs(attributes), startTimeUnixNano, timeUnixNano },
  ...{ value, flags: 0, exemplars: [] },
})

/** A metric behind the others of the scope. */
export function append({ scope }: Scene, metric: Omit<Metric, 'metadata'>): void {
  scope!.items.push({ ...metric, metadata: [] })
}

/** A literal's temporality. Throws in the words of all that take one. */
export function temporalityOf(literal: unknown): 1 | 2 {
  if (literal === 'delta') return 1
  if (literal === 'cumulative') return 2
  throw new Error(`unknown aggregation temporality: ${String(literal)}`)
}
