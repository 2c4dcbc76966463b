/** The collector's own metrics, under the names that its page on 8888 has. */
export interface Telemetry {
  /** Adds to a counter; 0 makes the series visible. */
  add(name: string, labels: Labels, value: number): void
  /** Read anew for every page. */
  gauge(name: string, labels: Labels, read: () => number): void
  /** Buckets' upper bounds are fixed by the first call of a name. */
  observe(name: string, labels: Labels, bounds: readonly number[], value: number): void
  /** The page, in Prometheus's text format 0.0.4. */
  page(): string
}

export type Labels = Record<string, string>

interface Histogram {
  labels: Labels
  bounds: readonly number[]
  counts: number[]
  sum: number
}

const HELP: Record<string, string> = {
  otelcol_receiver_accepted_spans_total: 'Number of spans successfully pushed into the pipeline.',
  otelcol_receiver_refused_spans_total: 'Number of spans that could not be pushed into the pipeline.',
  otelcol_receiver_accepted_metric_points_total: 'Number of metric points successfully pushed into the pipeline.',
  otelcol_receiver_refused_metric_points_total: 'Number of metric points that could not be pushed into the pipeline.',
  otelcol_receiver_accepted_log_records_total: 'Number of log records successfully pushed into the pipeline.',
  otelcol_receiver_refused_log_records_total: 'Number of log records that could not be pushed into the pipeline.',
  otelcol_exporter_sent_spans_total: 'Number of spans successfully sent to destination.',
  otelcol_exporter_send_failed_spans_total: 'Number of spans in failed attempts to send to destination.',
  otelcol_exporter_queue_size: 'Current size of the retry queue.',
  otelcol_exporter_queue_capacity: 'Fixed capacity of the retry queue.',
  otelcol_process_uptime_seconds_total: 'Uptime of the process.',
  otelcol_process_memory_rss_bytes: 'Total physical memory (resident set size).',
}

export function createTelemetry(constant: Labels): Telemetry {
  const counters = new Map<string, Map<string, number>>()
  const gauges = new Map<string, Map<string, () => number>>()
  const histograms = new Map<string, Map<string, Histogram>>()
  const key = (labels: Labels) => render({ ...labels, ...constant })
  const of = <V>(map: Map<string, Map<string, V>>, name: string): Map<string, V> => {
    const known = map.get(name)
    if (known) return known
    const series = new Map<string, V>()
    map.set(name, series)
    return series
  }
  return {
    add(name, labels, value) {
      const series = of(counters, name)
      const id = key(labels)
      series.set(id, (series.get(id) ?? 0) + value)
    },
    gauge(name, labels, read) {
      of(gauges, name).set(key(labels), read)
    },
    observe(name, labels, bounds, value) {
      const series = of(histograms, name)
      const id = key(labels)
      let histogram = series.get(id)
      if (!histogram) {
        histogram = { labels, bounds, counts: new Array(bounds.length + 1).fill(0), sum: 0 }
        series.set(id, histogram)
      }
      const at = histogram.bounds.findIndex((bound) => value <= bound)
      const slot = at === -1 ? bounds.length : at
      histogram.counts[slot] = histogram.counts[slot]! + 1
      histogram.sum += value
    },
    page() {
      const blocks: [string, string[]][] = []
      const head = (name: string, type: string) => [`# HELP ${name} ${HELP[name] ?? name}`, `# TYPE ${name} ${type}`]
      for (const [name, series] of counters) {
        blocks.push([name, [...head(name, 'counter'), ...[...series].map(([id, value]) => `${name}${id} ${value}`)]])
      }
      for (const [name, series] of gauges) {
        const type = name.endsWith('_total') ? 'counter' : 'gauge'
        blocks.push([name, [...head(name, type), ...[...series].map(([id, read]) => `${name}${id} ${read()}`)]])
      }
      for (const [name, series] of histograms) {
        const lines = head(name, 'histogram')
        for (const [id, { labels, bounds, counts, sum }] of series) {
          let count = 0
          counts.forEach((inBucket, i) => {
            count += inBucket
            lines.push(
              `${name}_bucket${key({ ...labels, le: i < bounds.length ? String(bounds[i]) : '+Inf' })} ${count}`,
            )
          })
          lines.push(`${name}_sum${id} ${sum}`, `${name}_count${id} ${count}`)
        }
        blocks.push([name, lines])
      }
      blocks.sort(([a], [b]) => (a < b ? -1 : 1))
      return blocks.length === 0 ? '' : `${blocks.map(([, lines]) => lines.join('\n')).join('\n')}\n`
    },
  }
}

function render(labels: Labels): string {
  const names = Object.keys(labels).sort()
  if (names.length === 0) return ''
  const quoted = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
  return `{${names.map((name) => `${name}="${quoted(labels[name]!)}"`).join(',')}}`
}
