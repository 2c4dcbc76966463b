import type { LogsData, MetricsData, Resource, ResourceOf, ScopeOf, Span, TracesData } from '../../../../otlp/types.ts'
import { formatTime } from '../../../../util/go-format.ts'
import { metricLines } from './detailed-metric.ts'
import { attributeLines, typedValue } from './values.ts'

const KINDS = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer']
const CODES = ['Unset', 'Ok', 'Error']
const SEVERITIES = ['Trace', 'Debug', 'Info', 'Warn', 'Error', 'Fatal']

/** The debug exporter's `verbosity: detailed`: every field, in the order and the columns of the real one. */
export function detailedTraces(data: TracesData): string {
  return groups(data, 'ResourceSpans', 'ScopeSpans', (span, i) => [`Span #${i}`, ...spanLines(span)])
}

export function detailedMetrics(data: MetricsData): string {
  return groups(data, 'ResourceMetrics', 'ScopeMetrics', (metric, i) => [`Metric #${i}`, ...metricLines(metric)])
}

export function detailedLogs(data: LogsData): string {
  return groups(data, 'ResourceLog', 'ScopeLogs', (record, i) => [
    `LogRecord #${i}`,
    `ObservedTimestamp: ${formatTime(record.observedTimeUnixNano)}`,
    `Timestamp: ${formatTime(record.timeUnixNano)}`,
    `SeverityText: ${record.severityText}`,
    `SeverityNumber: ${severity(record.severityNumber)}(${record.severityNumber})`,
    ...(record.eventName ? [`EventName: ${record.eventName}`] : []),
    `Body: ${typedValue(record.body)}`,
    ...attributeLines('Attributes', record.attributes),
    `Trace ID: ${record.traceId}`,
    `Span ID: ${record.spanId}`,
    `Flags: ${record.flags}`,
  ])
}

function groups<T>(
  data: readonly ResourceOf<T>[],
  resourceName: string,
  scopeName: string,
  linesOf: (item: T, i: number) => string[],
): string {
  const lines: string[] = []
  for (const [i, group] of data.entries()) {
    lines.push(`${resourceName} #${i}`, ...resourceLines(group))
    for (const [j, scope] of group.scopes.entries()) {
      lines.push(`${scopeName} #${j}`, ...scopeLines(scope, scopeName))
      for (const [k, item] of scope.items.entries()) lines.push(...linesOf(item, k))
    }
  }
  return lines.map((line) => `${line}\n`).join('')
}

function resourceLines({ resource, schemaUrl }: { resource: Resource; schemaUrl: string }): string[] {
  return [`Resource SchemaURL: ${schemaUrl}`, ...attributeLines('Resource attributes', resource.attributes)]
}

function scopeLines({ scope, schemaUrl }: ScopeOf<unknown>, name: string): string[] {
  return [
    `${name} SchemaURL: ${schemaUrl}`,
    `InstrumentationScope ${scope.name} ${scope.version}`,
    ...attributeLines('InstrumentationScope attributes', scope.attributes),
  ]
}

function field(name: string, value: string | number): string {
  return `    ${name.padEnd(15)}: ${value}`
}

function spanLines(span: Span): string[] {
  return [
    field('Trace ID', span.traceId),
    field('Parent ID', span.parentSpanId),
    field('ID', span.spanId),
    field('Name', span.name),
    field('Kind', KINDS[span.kind] ?? ''),
    ...(span.traceState ? [field('TraceState', span.traceState)] : []),
    field('Start time', formatTime(span.startTimeUnixNano)),
    field('End time', formatTime(span.endTimeUnixNano)),
    field('Status code', CODES[span.status.code] ?? ''),
    field('Status message', span.status.message),
    field('DroppedAttributesCount', span.droppedAttributesCount),
    field('DroppedEventsCount', span.droppedEventsCount),
    field('DroppedLinksCount', span.droppedLinksCount),
    ...attributeLines('Attributes', span.attributes),
    ...eventLines(span),
    ...linkLines(span),
  ]
}

function eventLines({ events }: Span): string[] {
  if (events.length === 0) return []
  const lines = events.flatMap((event, i) => [
    `SpanEvent #${i}`,
    `     -> Name: ${event.name}`,
    `     -> Timestamp: ${formatTime(event.timeUnixNano)}`,
    `     -> DroppedAttributesCount: ${event.droppedAttributesCount}`,
    // The real one writes the colon twice.
    ...attributeLines('     -> Attributes:', event.attributes),
  ])
  return ['Events:', ...lines]
}

function linkLines({ links }: Span): string[] {
  if (links.length === 0) return []
  const lines = links.flatMap((link, i) => [
    `SpanLink #${i}`,
    `     -> Trace ID: ${link.traceId}`,
    `     -> ID: ${link.spanId}`,
    `     -> TraceState: ${link.traceState}`,
    `     -> DroppedAttributesCount: ${link.droppedAttributesCount}`,
    ...attributeLines('     -> Attributes:', link.attributes),
  ])
  return ['Links:', ...lines]
}

/** plog.SeverityNumber: `Info`, `Info2`. */
function severity(number: number): string {
  if (number === 0) return 'Unspecified'
  const name = SEVERITIES[Math.ceil(number / 4) - 1]
  const step = (number - 1) % 4
  return name === undefined ? '' : name + (step === 0 ? '' : step + 1)
}
