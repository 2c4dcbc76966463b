/** `unknown` is what the Prometheus format calls `untyped`. */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown'

/** name, value, name, value... as written, `__name__` first. */
export type FlatLabels = string[]

export interface ParsedExemplar {
  labels: FlatLabels
  value: number
  timestampMs: number | undefined
}

/** Takes what a page says, in its order. */
export interface ExpositionSink {
  /**
   * `series` is the name and labels as written: a key under which to remember what they mean.
   * `timestampMs` is undefined when the line has none, and has fractions as far as the page gives them.
   */
  sample(
    series: string,
    labels: FlatLabels,
    value: number,
    timestampMs: number | undefined,
    exemplar: ParsedExemplar | undefined,
  ): void
  type(family: string, type: MetricType): void
  help(family: string, text: string): void
  unit(family: string, unit: string): void
}

/** A page that is not what its content type says; worded as Prometheus words it. */
export class ExpositionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ExpositionError'
  }
}

/** Go's %q, near enough for messages. */
export function quoted(text: string): string {
  return JSON.stringify(text)
    .replaceAll(/\\u00([0-9a-f]{2})/g, '\\x$1')
    .replaceAll('\ufffd', '\\xff')
}
