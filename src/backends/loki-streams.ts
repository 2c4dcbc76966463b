import type { Labels } from './prom-values.ts'

export interface LogEntry {
  ns: bigint
  line: string
  /** Kept beside the line and not indexed, such as trace_id. */
  metadata: Labels
  /** Made by a parser of the query. */
  parsed: Labels
}

export interface LogStream {
  /** The index labels; from a Loki that does not keep them apart, structured metadata and parsed labels too. */
  labels: Labels
  entries: LogEntry[]
}

/** A line with everything that is known of it. */
export interface LogRow extends LogEntry {
  labels: Labels
}

export interface JsonStream {
  stream: Labels
  values: [string, string, { structuredMetadata?: Labels; parsed?: Labels }?][]
}

export function readStreams(streams: readonly JsonStream[]): LogStream[] {
  return streams.map(({ stream, values }) => ({
    labels: stream,
    entries: values.map(([ns, line, more]) => ({
      ns: BigInt(ns),
      line,
      metadata: more?.structuredMetadata ?? {},
      parsed: more?.parsed ?? {},
    })),
  }))
}

/** The lines of all streams in order of their time. */
export function logRows(streams: readonly LogStream[]): LogRow[] {
  return streams
    .flatMap(({ labels, entries }) => entries.map((entry) => ({ ...entry, labels })))
    .sort((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : 0))
}

/** A label of a line, wherever it is kept. */
export function fieldOf(row: LogRow, name: string): string | undefined {
  return row.parsed[name] ?? row.metadata[name] ?? row.labels[name]
}
