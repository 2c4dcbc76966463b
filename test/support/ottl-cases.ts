import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** A context's statements, and what they are put to. */
interface ContextFile {
  input: Record<string, unknown>
  values?: string[]
  cases?: (string | string[])[]
}

export interface StatementCase {
  /** By which the result is kept. */
  name: string
  /** Its place, by which telemetry finds its statements. */
  id: string
  context: string
  signal: 'traces' | 'metrics' | 'logs'
  statements: string[]
  request: unknown
}

const CONTEXTS: Record<string, [signal: StatementCase['signal'], own: string]> = {
  log: ['logs', 'log'],
  resource: ['logs', 'resource'],
  scope: ['logs', 'scope'],
  span: ['traces', 'span'],
  spanevent: ['traces', 'spanevent'],
  metric: ['metrics', 'metric'],
  datapoint: ['metrics', 'datapoint'],
  histogram: ['metrics', 'datapoint'],
}

const FILE = 'test/ottl/statements.yaml'

export function statementCases(): StatementCase[] {
  const file = parse(readFileSync(FILE, 'utf8')) as Record<string, ContextFile>
  let number = 0
  return Object.entries(file).flatMap(([kind, { input, values = [], cases = [] }]) => {
    const [signal, context] = CONTEXTS[kind]!
    const set = values.map((value) => `set(${context}.attributes["r"], ${value})`)
    return [...set, ...cases].map((one) => {
      const statements = [one].flat()
      const id = `c${number++}`
      return {
        name: `${kind}: ${statements.join('; ')}`,
        id,
        context,
        signal,
        statements,
        request: requestOf(kind, id, input),
      }
    })
  })
}

/** One config for all of them: each statement is for the telemetry that bears its number. */
export function configOf(
  cases: readonly StatementCase[],
  receiver: string,
  exporter: (signal: string) => string,
): string {
  const groups = (signal: string) =>
    cases
      .filter((one) => one.signal === signal)
      .map(({ id, context, statements }) => ({
        context,
        conditions: [`resource.attributes["case"] == "${id}"`],
        statements,
      }))
  const transform = {
    error_mode: 'ignore',
    trace_statements: groups('traces'),
    metric_statements: groups('metrics'),
    log_statements: groups('logs'),
  }
  const pipeline = (signal: string) =>
    `    ${signal}: {receivers: [otlp], processors: [transform], exporters: [${exporter(signal).split(':')[0]}]}`
  return `receivers:
  otlp: ${receiver}
processors:
  transform: ${JSON.stringify(transform)}
exporters:
  ${['traces', 'metrics', 'logs'].map(exporter).join('\n  ')}
service:
  telemetry: {metrics: {level: none}, logs: {encoding: json, sampling: {enabled: false}}}
  pipelines:
${['traces', 'metrics', 'logs'].map(pipeline).join('\n')}
`
}

function requestOf(kind: string, id: string, input: Record<string, unknown>): unknown {
  const attributes = pairs(input.attributes)
  const own = kind === 'resource' ? attributes : [{ key: 'service.name', value: { stringValue: 'app' } }]
  const resource = { attributes: [{ key: 'case', value: { stringValue: id } }, ...own] }
  const scope = { name: 'scope', version: id }
  const [signal] = CONTEXTS[kind]!
  if (signal === 'logs') {
    const record = {
      timeUnixNano: '1544712660000000000',
      observedTimeUnixNano: '1544712661000000000',
      severityText: input.severity_text ?? '',
      body: anyValue(input.body ?? 'a line'),
      attributes: kind === 'log' ? attributes : [],
    }
    return { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: [record] }] }] }
  }
  if (signal === 'traces') {
    const events = (input.events ?? []) as Record<string, unknown>[]
    const span = {
      traceId: '5b8efff798038103d269b633813fc60c',
      spanId: 'eee19b7ec3c1b174',
      traceState: input.trace_state ?? '',
      name: input.name ?? 'span',
      kind: input.kind ?? 1,
      startTimeUnixNano: '1544712660000000000',
      endTimeUnixNano: '1544712661500000000',
      attributes,
      events: events.map(({ name, attributes: own }, i) => ({
        timeUnixNano: `154471266100000000${i}`,
        name,
        attributes: pairs(own),
      })),
      ...(input.status === undefined ? {} : { status: { code: input.status } }),
    }
    return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] }
  }
  const times = { startTimeUnixNano: '1544712660000000000', timeUnixNano: '1544712661000000000' }
  const data =
    kind === 'histogram'
      ? {
          histogram: {
            aggregationTemporality: 2,
            dataPoints: [{ attributes, ...times, count: '3', sum: 7.5, bucketCounts: ['1', '2'], explicitBounds: [5] }],
          },
        }
      : { sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ attributes, ...times, asInt: '21' }] } }
  const metric = { name: input.name, unit: input.unit ?? '', ...data }
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [metric] }] }] }
}

const pairs = (map: unknown) =>
  Object.entries((map ?? {}) as Record<string, unknown>).map(([key, value]) => ({ key, value: anyValue(value) }))

function anyValue(value: unknown): unknown {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: pairs(value) } }
}
