import { type Attributes, type JsonKeyValue, type JsonValue, readAttributes, readId, readValue } from './otlp-value.ts'

export interface FoundSpan {
  spanId: string
  /** Absent unless the query names it. */
  name?: string
  startNs: bigint
  durationNs: bigint
  attributes: Attributes
}

/** A trace as a search finds it: which spans matched, not all that it has. */
export interface FoundTrace {
  traceId: string
  rootService: string
  rootName: string
  startNs: bigint
  durationMs: number
  /** How many spans matched; `spans` may hold fewer. */
  matched: number
  spans: FoundSpan[]
  services: Record<string, { spanCount: number; errorCount: number }>
}

interface JsonSpanSet {
  spans?: {
    spanID?: string
    name?: string
    startTimeUnixNano?: string
    durationNanos?: string
    attributes?: JsonKeyValue[]
  }[]
  matched?: number
}

export interface JsonFound {
  traceID: string
  rootServiceName?: string
  rootTraceName?: string
  startTimeUnixNano?: string
  durationMs?: number
  spanSet?: JsonSpanSet
  spanSets?: JsonSpanSet[]
  serviceStats?: Record<string, { spanCount?: number; errorCount?: number }>
}

export function readFound(found: JsonFound): FoundTrace {
  const sets = found.spanSets ?? (found.spanSet ? [found.spanSet] : [])
  return {
    traceId: readId(found.traceID, 32),
    rootService: found.rootServiceName ?? '',
    rootName: found.rootTraceName ?? '',
    startNs: BigInt(found.startTimeUnixNano ?? 0),
    durationMs: found.durationMs ?? 0,
    matched: sets.reduce((sum, { matched = 0 }) => sum + matched, 0),
    spans: sets.flatMap(({ spans = [] }) =>
      spans.map((span) => ({
        spanId: readId(span.spanID, 16),
        ...(span.name === undefined ? {} : { name: span.name }),
        startNs: BigInt(span.startTimeUnixNano ?? 0),
        durationNs: BigInt(span.durationNanos ?? 0),
        attributes: readAttributes(span.attributes),
      })),
    ),
    services: Object.fromEntries(
      Object.entries(found.serviceStats ?? {}).map(([name, { spanCount = 0, errorCount = 0 }]) => [
        name,
        { spanCount, errorCount },
      ]),
    ),
  }
}

export interface TempoSeries {
  labels: Attributes
  /** Milliseconds since the epoch, ascending. */
  samples: { time: number; value: number }[]
  /** Of an instant query, which has no samples. */
  value?: number
}

export interface JsonSeries {
  labels?: { key: string; value?: JsonValue }[]
  samples?: { timestampMs?: string | number; value?: number | string }[]
  /** Of an instant query, instead of samples. */
  value?: number
}

export function readSeries(series: JsonSeries[] | undefined): TempoSeries[] {
  return (series ?? []).map(({ labels = [], samples = [], value: instant }) => ({
    ...(instant === undefined ? {} : { value: instant }),
    labels: Object.fromEntries(labels.map(({ key, value }) => [key, readValue(value)])),
    // proto3 JSON leaves a zero out.
    samples: samples.map(({ timestampMs = 0, value = 0 }) => ({ time: Number(timestampMs), value: Number(value) })),
  }))
}
