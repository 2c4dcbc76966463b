import { formatFloat } from '../../util/go-format.ts'
import { HELP } from './telemetry-help.ts'

/** The collector's own metrics, under the names that the real one's page has: no unit and no `_total` in them. */
export interface Telemetry {
  /** Adds to a counter; 0 makes the series visible. */
  add(name: string, labels: Labels, value: number): void
  /** Read anew for every page. */
  gauge(name: string, labels: Labels, read: () => number): void
  /** A counter that someone else keeps, read anew for every page. */
  counter(name: string, labels: Labels, read: () => number): void
  /** Buckets' upper bounds are fixed by the first call of a series. */
  observe(name: string, labels: Labels, bounds: readonly number[], value: number): void
  /** The page, in Prometheus's text format 0.0.4. */
  page(): string
}

export type Labels = Record<string, string>

interface Histogram {
  bounds: readonly number[]
  counts: number[]
  sum: number
}

interface Family {
  type: 'counter' | 'gauge' | 'histogram'
  series: Map<string, { labels: Labels; value: number | Histogram | (() => number) }>
}

/** `resource` is told once, as target_info. */
export function createTelemetry(resource: Labels): Telemetry {
  const families = new Map<string, Family>()
  const familyOf = (name: string, type: Family['type']): Family['series'] => {
    const known = families.get(name)
    if (known) return known.series
    const family: Family = { type, series: new Map() }
    families.set(name, family)
    return family.series
  }
  /** Readers of the same series add up: one component in several pipelines is one there. */
  const read = (type: 'gauge' | 'counter') => (name: string, labels: Labels, value: () => number) => {
    const series = familyOf(name, type)
    const id = render(labels)
    const before = series.get(id)?.value
    const all = typeof before === 'function' ? () => before() + value() : value
    series.set(id, { labels, value: all })
  }
  read('gauge')('target_info', resource, () => 1)
  return {
    add(name, labels, value) {
      const series = familyOf(name, 'counter')
      const id = render(labels)
      const before = (series.get(id)?.value ?? 0) as number
      series.set(id, { labels, value: before + value })
    },
    gauge: read('gauge'),
    counter: read('counter'),
    observe(name, labels, bounds, value) {
      const series = familyOf(name, 'histogram')
      const id = render(labels)
      const empty = () => ({ labels, value: { bounds, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 } })
      const one = series.get(id) ?? empty()
      series.set(id, one)
      const histogram = one.value as Histogram
      const at = histogram.bounds.findIndex((bound) => value <= bound)
      const slot = at === -1 ? histogram.bounds.length : at
      histogram.counts[slot] = histogram.counts[slot]! + 1
      histogram.sum += value
    },
    page() {
      const lines: string[] = []
      for (const [name, { type, series }] of [...families].sort(([a], [b]) => (a < b ? -1 : 1))) {
        lines.push(`# HELP ${name} ${HELP[name] ?? name}`, `# TYPE ${name} ${type}`)
        for (const [id, { labels, value }] of [...series].sort(([a], [b]) => (a < b ? -1 : 1))) {
          if (typeof value === 'object') lines.push(...histogramLines(name, labels, value))
          else lines.push(`${name}${id} ${formatFloat(typeof value === 'function' ? value() : value)}`)
        }
      }
      return lines.map((line) => `${line}\n`).join('')
    },
  }
}

function histogramLines(name: string, labels: Labels, { bounds, counts, sum }: Histogram): string[] {
  let count = 0
  const lines = counts.map((inBucket, i) => {
    count += inBucket
    const bound = i < bounds.length ? formatFloat(bounds[i]!) : '+Inf'
    return `${name}_bucket${render(labels, bound)} ${count}`
  })
  return [...lines, `${name}_sum${render(labels)} ${formatFloat(sum)}`, `${name}_count${render(labels)} ${count}`]
}

function render(labels: Labels, le?: string): string {
  const quoted = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
  const pairs = Object.entries(labels)
    .map(([name, value]) => `${name.replaceAll('.', '_')}="${quoted(value)}"`)
    .sort()
  if (le !== undefined) pairs.push(`le="${le}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}
