/** What the debug exporter printed of one trace. */
export interface PrintedSpans {
  /** Which of the wanted traces. */
  traces: Set<string>
  /** Trace ids of other spans that were printed. */
  others: Set<string>
  /** Lines that only count spans, as `verbosity: basic` writes them. */
  counts: number
}

// debug exporter, verbosity detailed (collector, exporter/debugexporter/internal/otlptext/traces.go): a log record
// and an exemplar name a trace too, but only a span has `ID` below `Parent ID`.
const DETAILED = /Trace ID\s*: ([0-9a-f]{32})\s*\n\s*Parent ID\s*:[^\n]*\n\s*ID\s*: [0-9a-f]{16}/g
// verbosity normal (internal/normal/traces.go): `name traceid spanid key=value ...`
const NORMAL = /^.* ([0-9a-f]{32}) [0-9a-f]{16}(?: |$)/gm
const BASIC = /\bTraces\b[^\n]*"spans": ?(\d+)/g

/** Reads the collector's output, console or JSON encoded. */
export function printedSpans(output: string, traceIds: readonly string[]): PrintedSpans {
  // JSON encoding writes a message of several lines as one.
  const text = output.replaceAll('\\n', '\n')
  const wanted = new Set(traceIds)
  const printed: PrintedSpans = { traces: new Set(), others: new Set(), counts: [...text.matchAll(BASIC)].length }
  for (const pattern of [DETAILED, NORMAL]) {
    for (const [, traceId] of text.matchAll(pattern)) {
      ;(wanted.has(traceId!) ? printed.traces : printed.others).add(traceId!)
    }
  }
  return printed
}
