import { stringOf } from '../../../otlp/attributes.ts'
import {
  type AnyValue,
  type KeyValue,
  KeyValueList,
  type LogRecord,
  type LogsData,
  type Scope,
} from '../../../otlp/types.ts'
import { labelsText, type RawLabels } from '../labels.ts'
import type { LabelNamer } from './label-name.ts'
import { actionFor, type OtlpConfig } from './otlp-config.ts'

/** One stream of a push as the request has it: nothing checked, nothing normalised yet. */
export interface PushedStream {
  /** As the sender would write them; in messages. */
  text: string
  labels: RawLabels
  entries: PushedEntry[]
}

export interface PushedEntry {
  nanos: bigint
  line: string
  metadata: RawLabels
}

export interface OtlpSettings {
  config: OtlpConfig
  /** limits_config.discover_service_name; an empty list turns it off. */
  discoverServiceName: readonly string[]
}

/**
 * Log records as Loki stores them: which attributes become index labels of a stream and which become structured
 * metadata of a line. Throws Error when a name cannot be made a label.
 */
export function otlpToStreams(
  data: LogsData,
  settings: OtlpSettings,
  name: LabelNamer,
  now: () => bigint,
): PushedStream[] {
  const { config } = settings
  const streams = new Map<string, PushedStream>()
  const streamOf = (labels: Map<string, string>): PushedStream => {
    const pairs = [...labels].sort(([a], [b]) => (a < b ? -1 : 1))
    const text = labelsText(pairs)
    let stream = streams.get(text)
    if (stream === undefined) {
      stream = { text, labels: pairs, entries: [] }
      streams.set(text, stream)
    }
    return stream
  }
  for (const { resource, scopes } of data) {
    if (scopes.every(({ items }) => items.length === 0)) continue
    const { labels, metadata: ofResource } = resourceLabels(resource.attributes, settings, name)
    const own = labels.size > 0 ? streamOf(labels) : undefined
    for (const { scope, items } of scopes) {
      const ofScope = scopeMetadata(scope, config, name)
      for (const record of items) {
        const { index, metadata } = recordLabels(record, config, name)
        metadata.push(...ofResource, ...ofScope)
        const stream = index.size === 0 && own !== undefined ? own : streamOf(new Map([...labels, ...index]))
        stream.entries.push({ nanos: timeOf(record, now), line: stringOf(record.body), metadata })
      }
    }
  }
  return [...streams.values()]
}

function timeOf({ timeUnixNano, observedTimeUnixNano }: LogRecord, now: () => bigint): bigint {
  return BigInt.asIntN(64, timeUnixNano || observedTimeUnixNano || now())
}

function resourceLabels(attributes: KeyValue[], { config, discoverServiceName }: OtlpSettings, name: LabelNamer) {
  const labels = new Map<string, string>()
  const metadata: [string, string][] = []
  let hasServiceName = discoverServiceName.length === 0
  for (const { key, value } of attributes) {
    if (key === 'service.name' && stringOf(value) !== '') hasServiceName = true
    const action = actionFor(key, config.resource)
    if (action === 'drop') continue
    for (const [label, text] of flatten(key, value, '', name)) {
      if (action === 'index_label') labels.set(label, text)
      else metadata.push([label, text])
    }
  }
  if (!hasServiceName) {
    const found = discoverServiceName.map((label) => labels.get(label)).find((value) => value)
    labels.set('service_name', found ?? 'unknown_service')
  }
  return { labels, metadata }
}

function scopeMetadata(scope: Scope, config: OtlpConfig, name: LabelNamer): [string, string][] {
  const metadata: [string, string][] = []
  for (const { key, value } of scope.attributes) {
    if (actionFor(key, config.scope) === 'structured_metadata') metadata.push(...flatten(key, value, '', name))
  }
  if (scope.name !== '') metadata.push(['scope_name', scope.name])
  if (scope.version !== '') metadata.push(['scope_version', scope.version])
  if (scope.droppedAttributesCount !== 0) {
    metadata.push(['scope_dropped_attributes_count', String(scope.droppedAttributesCount)])
  }
  return metadata
}

function recordLabels(record: LogRecord, config: OtlpConfig, name: LabelNamer) {
  const index = new Map<string, string>()
  const metadata: [string, string][] = []
  for (const { key, value } of record.attributes) {
    const action = actionFor(key, config.log)
    if (action === 'drop' || (key === 'event_name' && record.eventName !== '')) continue
    for (const [label, text] of flatten(key, value, '', name)) {
      if (action === 'index_label') index.set(label, text)
      else metadata.push([label, text])
    }
  }
  if (record.timeUnixNano !== 0n && record.observedTimeUnixNano !== 0n) {
    metadata.push(['observed_timestamp', String(record.observedTimeUnixNano)])
  }
  if (record.severityNumber !== 0) metadata.push(['severity_number', String(record.severityNumber)])
  if (record.severityText !== '') {
    if (config.severityTextAsLabel) index.set('severity_text', record.severityText)
    metadata.push(['severity_text', record.severityText])
  }
  if (record.droppedAttributesCount !== 0) {
    metadata.push(['dropped_attributes_count', String(record.droppedAttributesCount)])
  }
  if (record.flags !== 0) metadata.push(['flags', String(record.flags)])
  if (record.traceId !== '') metadata.push(['trace_id', record.traceId])
  if (record.spanId !== '') metadata.push(['span_id', record.spanId])
  if (record.eventName !== '') metadata.push(['event_name', record.eventName])
  return { index, metadata }
}

/** An attribute as labels: maps are taken apart, their keys joined by `_`; arrays stay one value, as JSON. */
function flatten(key: string, value: AnyValue, prefix: string, name: LabelNamer): [string, string][] {
  let label: string
  try {
    label = name(prefix === '' ? key : `${prefix}_${key}`)
  } catch (error) {
    throw new Error(`symbolizer lookup: ${(error as Error).message}`)
  }
  if (!(value instanceof KeyValueList)) return [[label, stringOf(value)]]
  return value.values.flatMap((pair) => flatten(pair.key, pair.value, label, name))
}
