/** A label set as name, value, name, value..., sorted by name, without empty values: the identity of a series. */
export type Labels = readonly string[]

/** Go compares bytes; UTF-16 order differs from that beyond the BMP only, which label names do not use. */
const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

export function labelsFrom(pairs: Iterable<readonly [string, string]>): Labels {
  const sorted = [...pairs].filter(([, value]) => value !== '').sort(([a], [b]) => byName(a, b))
  return sorted.flat()
}

/** The same as texts of their own: in V8 a part of a page keeps the whole page in memory for as long as it is kept. */
export const ownLabels = (labels: Labels): Labels => labels.map((text) => Buffer.from(text).toString())

export const labelsKey = (labels: Labels) => labels.join('\xff')

/** '' when the label is absent, as PromQL sees it. */
export function labelValue(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1]!
  return ''
}

export function* labelPairs(labels: Labels): Generator<[string, string]> {
  for (let i = 0; i < labels.length; i += 2) yield [labels[i]!, labels[i + 1]!]
}

export function labelsObject(labels: Labels): Record<string, string> {
  return Object.fromEntries(labelPairs(labels))
}

/** `up{job="x"}`, for messages. */
export function labelsText(labels: Labels): string {
  const pairs = [...labelPairs(labels)].filter(([name]) => name !== '__name__')
  const inner = pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')
  return `${labelValue(labels, '__name__')}${inner && `{${inner}}`}`
}

/** Go's labels.Compare: name by name, value by value, the shorter first. For sorting. */
export function compareLabels(a: Labels, b: Labels): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return byName(a[i]!, b[i]!)
  return a.length - b.length
}

/** The name, and the other labels that describe a metric rather than tell series apart. */
const isMetadata = (name: string) => name === '__name__' || name === '__type__' || name === '__unit__'

export function withoutName(labels: Labels): Labels {
  // Sorted, these stand near the front; most label sets have just the name.
  if (labels[0] === '__name__' && (labels.length < 3 || !isMetadata(labels[2]!))) return labels.slice(2)
  return filterLabels(labels, (name) => !isMetadata(name))
}

export function filterLabels(labels: Labels, keep: (name: string) => boolean): Labels {
  const kept: string[] = []
  for (let i = 0; i < labels.length; i += 2) if (keep(labels[i]!)) kept.push(labels[i]!, labels[i + 1]!)
  return kept
}

/** With one label set, or taken away when the value is ''. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const changed: string[] = []
  let placed = value === ''
  for (let i = 0; i < labels.length; i += 2) {
    const here = labels[i]!
    if (!placed && here >= name) {
      changed.push(name, value)
      placed = true
    }
    if (here !== name) changed.push(here, labels[i + 1]!)
  }
  if (!placed) changed.push(name, value)
  return changed
}

/** `{__name__="up", job="x"}`, as Prometheus's own messages have it. */
export function labelsSet(labels: Labels): string {
  const pair = ([name, value]: [string, string]) =>
    `${/^[a-zA-Z_]\w*$/.test(name) ? name : JSON.stringify(name)}=${JSON.stringify(value)}`
  return `{${[...labelPairs(labels)].map(pair).join(', ')}}`
}
