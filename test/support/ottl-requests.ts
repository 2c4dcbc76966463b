/** What a statement is put to. */
export type CaseKind =
  | 'log'
  | 'resource'
  | 'scope'
  | 'span'
  | 'spanevent'
  | 'metric'
  | 'datapoint'
  | 'histogram'
  | 'gauges'
  | 'sums'
  | 'histograms'
  | 'exponentials'
  | 'summaries'

type Input = Record<string, unknown>

const TIMES = { startTimeUnixNano: '1544712660000000000', timeUnixNano: '1544712661000000000' }

/** One request with the input in it, as OTLP/JSON; `id` is in its resource and in its scope. */
export function requestOf(kind: CaseKind, id: string, input: Input): Record<string, unknown[]> {
  const attributes = pairs(input.attributes)
  const own = kind === 'resource' ? attributes : [{ key: 'service.name', value: { stringValue: 'app' } }]
  const resource = { attributes: [{ key: 'case', value: { stringValue: id } }, ...own] }
  const scope = { name: 'scope', version: id }
  if (kind === 'log' || kind === 'resource' || kind === 'scope') {
    const logRecords = [logOf(input, kind === 'log' ? attributes : [])]
    return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords }] }] }
  }
  if (kind === 'span' || kind === 'spanevent') {
    return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [spanOf(input)] }] }] }
  }
  const metric = { name: input.name, unit: input.unit ?? '', ...dataOf(kind, input) }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [metric] }] }] }
}

const logOf = (input: Input, attributes: unknown[]) => ({
  timeUnixNano: '1544712660000000000',
  observedTimeUnixNano: '1544712661000000000',
  severityText: input.severity_text ?? '',
  body: anyValue(input.body ?? 'a line'),
  attributes,
})

function spanOf(input: Input) {
  const events = (input.events ?? []) as Input[]
  return {
    traceId: '5b8efff798038103d269b633813fc60c',
    spanId: 'eee19b7ec3c1b174',
    traceState: input.trace_state ?? '',
    name: input.name ?? 'span',
    kind: input.kind ?? 1,
    startTimeUnixNano: '1544712660000000000',
    endTimeUnixNano: '1544712661500000000',
    attributes: pairs(input.attributes),
    events: events.map(({ name, attributes }, i) => ({
      timeUnixNano: `154471266100000000${i}`,
      name,
      attributes: pairs(attributes),
    })),
    ...(input.status === undefined ? {} : { status: { code: input.status } }),
  }
}

function dataOf(kind: CaseKind, input: Input): Input {
  const attributes = pairs(input.attributes)
  const explicit = { bucketCounts: ['1', '2'], explicitBounds: [5] }
  if (kind === 'histogram') {
    return {
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [{ attributes, ...TIMES, count: '3', sum: 7.5, ...explicit }],
      },
    }
  }
  if (kind === 'metric' || kind === 'datapoint') {
    const point = { attributes, ...TIMES, asInt: String(input.value ?? 21) }
    return { sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } }
  }
  // Several points: alike, alike but for the value of attr1, and another.
  const given = (input.attributes ?? {}) as Input
  const others = [given, given, { ...given, attr1: 'val2' }, { ...given, attr1: 'val3', more: true }]
  const points = (of: (i: number) => Input) =>
    others.map((some, i) => Object.assign({ attributes: pairs(some), ...TIMES }, of(i)))
  if (kind === 'gauges') return { gauge: { dataPoints: points((i) => ({ asDouble: i + 0.5 })) } }
  if (kind === 'sums') {
    return {
      sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: points((i) => ({ asInt: String(i + 1) })) },
    }
  }
  if (kind === 'histograms') {
    const bounds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    const point = (i: number) => ({
      ...{ count: String(29 + i), sum: 40.5 + i, min: 0.05, max: 12 + i },
      ...{ bucketCounts: [1 + i, 2, 3, 5, 8, 7, 2, 1].map(String), explicitBounds: bounds },
    })
    return { histogram: { aggregationTemporality: 1, dataPoints: points(point) } }
  }
  if (kind === 'exponentials') {
    const point = (i: number) => ({
      ...{ count: String(14 + i), sum: 99.5 + i, min: -1, max: 50, scale: 1, zeroCount: String(1 + i) },
      positive: { offset: 2, bucketCounts: ['1', '2', '3', '2', '1'] },
      negative: { offset: -1, bucketCounts: ['3', '1'] },
    })
    return { exponentialHistogram: { aggregationTemporality: 2, dataPoints: points(point) } }
  }
  const quantiles = [0.5, 0.99].map((quantile, i) => ({ quantile, value: i + 1.5 }))
  return {
    summary: { dataPoints: points((i) => ({ count: String(5 + i), sum: 12.5 + i, quantileValues: quantiles })) },
  }
}

const pairs = (map: unknown) =>
  Object.entries((map ?? {}) as Input).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: unknown): unknown {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: pairs(value) } }
}
