import type { Labels } from '../source.ts'

/** One series over all steps of a query. A step without a value is told by `has`, since NaN is a value too. */
export interface Series {
  labels: Labels
  values: Float64Array
  has: Uint8Array
}

export function createSeries(labels: Labels, steps: number): Series {
  return { labels, values: new Float64Array(steps), has: new Uint8Array(steps) }
}

/** Two label sets are one when their keys are. */
export function labelsKey(labels: Labels): string {
  let key = ''
  for (const [name, value] of labels) key += `${name}\u0000${value}\u0001`
  return key
}

/** The steps of a query: at an instant there is one. */
export interface Steps {
  startNanos: bigint
  stepNanos: bigint
  count: number
}

export const stepAt = ({ startNanos, stepNanos }: Steps, index: number) => startNanos + stepNanos * BigInt(index)

/** Only the named labels, or all but these; empty values are no labels where others are taken away. */
export function keepLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  return labels.filter(([name]) => names.has(name))
}

export function withoutLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  return labels.filter(([name, value]) => !names.has(name) && value !== '')
}

/** With one label set; '' takes it away. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const rest = labels.filter(([n]) => n !== name)
  if (value === '') return rest
  const at = rest.findIndex(([n]) => n > name)
  return rest.toSpliced(at < 0 ? rest.length : at, 0, [name, value])
}

export function printLabels(labels: Labels, quote: (text: string) => string): string {
  return `{${labels.map(([name, value]) => `${name}=${quote(value)}`).join(', ')}}`
}
