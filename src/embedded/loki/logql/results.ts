import type { Labels } from './source.ts'

/** A line that a query found, its labels told apart by where they are from. All are sorted by name. */
export interface ResultLine {
  nanos: bigint
  /** As the pipeline left it. */
  line: string
  /** What identifies the stream, less what `drop` and `keep` took away. */
  stream: Labels
  structuredMetadata: Labels
  /** From parsers, `label_format`, and `__error__`. */
  parsed: Labels
}

/** Lines of one label set, as Loki answers them. */
export interface ResultStream {
  labels: Labels
  lines: ResultLine[]
}

/** One series of a metric query: at an instant there is one point. */
export interface ResultSeries {
  labels: Labels
  points: Point[]
}

export interface Point {
  nanos: bigint
  value: number
}

export interface Statistics {
  linesProcessed: number
  /** UTF-16 code units of the lines, which is their bytes for ASCII. */
  bytesProcessed: number
  /** Of them, lines that passed the pipeline. */
  linesFound: number
}

export type Result =
  | { type: 'streams'; lines: ResultLine[]; statistics: Statistics }
  | { type: 'vector'; series: ResultSeries[]; warnings: string[]; statistics: Statistics }
  | { type: 'matrix'; series: ResultSeries[]; warnings: string[]; statistics: Statistics }
  | { type: 'scalar'; nanos: bigint; value: number; statistics: Statistics }
