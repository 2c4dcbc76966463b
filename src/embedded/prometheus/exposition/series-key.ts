import type { FlatLabels, MetricType } from './entries.ts'
import { canonicalFloat, parseFloatText } from './number.ts'

/** Rewrites `le` of a histogram and `quantile` of a summary to their one spelling, as Prometheus 3 does. In place: the labels are fresh. */
export function canonicalBounds(labels: FlatLabels, type: MetricType): void {
  const bound = type === 'histogram' ? 'le' : type === 'summary' ? 'quantile' : undefined
  if (bound === undefined) return
  for (let i = 2; i < labels.length; i += 2) {
    if (labels[i] !== bound) continue
    const number = parseFloatText(labels[i + 1]!)
    if (number !== undefined) labels[i + 1] = canonicalFloat(number)
  }
}
