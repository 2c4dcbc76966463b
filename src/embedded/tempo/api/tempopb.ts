import { Reader } from '../../../otlp/protobuf/reader.ts'
import { Writer } from '../../../otlp/protobuf/writer.ts'
import { table } from '../../../util/table.ts'

type Scalar = 'string' | 'uint32' | 'uint64' | 'int64' | 'double' | 'bool'
/** `[]` after a type for many; `{}` for a map of them by text. */
type Type = Scalar | string
type Fields = Record<string, readonly [number: number, type: Type]>
export type Message = keyof typeof MESSAGES

const METRICS = [2, 'Metrics'] as const

/** pkg/tempopb/tempo.proto of Tempo 3.0.3, as far as the streaming calls go. Names are those of its JSON. */
const MESSAGES = {
  SearchRequest: {
    tags: [1, 'string{}'],
    minDurationMs: [2, 'uint32'],
    maxDurationMs: [3, 'uint32'],
    limit: [4, 'uint32'],
    start: [5, 'uint32'],
    end: [6, 'uint32'],
    query: [8, 'string'],
    spansPerSpanSet: [9, 'uint32'],
  },
  SearchTagsRequest: { scope: [1, 'string'], query: [2, 'string'], start: [3, 'uint32'], end: [4, 'uint32'] },
  SearchTagValuesRequest: { tagName: [1, 'string'], query: [2, 'string'], start: [4, 'uint32'], end: [5, 'uint32'] },
  QueryInstantRequest: { query: [1, 'string'], start: [2, 'uint64'], end: [3, 'uint64'] },
  QueryRangeRequest: {
    query: [1, 'string'],
    start: [2, 'uint64'],
    end: [3, 'uint64'],
    step: [4, 'uint64'],
    exemplars: [16, 'uint32'],
  },
  SearchResponse: { traces: [1, 'Trace[]'], metrics: METRICS },
  SearchTagsResponse: { tagNames: [1, 'string[]'] },
  SearchTagsV2Response: { scopes: [1, 'Scope[]'] },
  SearchTagValuesResponse: { tagValues: [1, 'string[]'] },
  SearchTagValuesV2Response: { tagValues: [1, 'TagValue[]'] },
  QueryInstantResponse: { series: [1, 'InstantSeries[]'], metrics: METRICS },
  QueryRangeResponse: { series: [1, 'TimeSeries[]'], metrics: METRICS },
  Trace: {
    traceID: [1, 'string'],
    rootServiceName: [2, 'string'],
    rootTraceName: [3, 'string'],
    startTimeUnixNano: [4, 'uint64'],
    durationMs: [5, 'uint32'],
    spanSet: [6, 'SpanSet'],
    spanSets: [7, 'SpanSet[]'],
    serviceStats: [8, 'ServiceStats{}'],
  },
  ServiceStats: { spanCount: [1, 'uint32'], errorCount: [2, 'uint32'] },
  SpanSet: { spans: [1, 'Span[]'], matched: [2, 'uint32'], attributes: [3, 'KeyValue[]'] },
  Span: {
    spanID: [1, 'string'],
    name: [2, 'string'],
    startTimeUnixNano: [3, 'uint64'],
    durationNanos: [4, 'uint64'],
    attributes: [5, 'KeyValue[]'],
  },
  Metrics: {
    inspectedTraces: [1, 'uint32'],
    inspectedBytes: [2, 'uint64'],
    completedJobs: [4, 'uint32'],
    totalJobs: [5, 'uint32'],
    inspectedSpans: [7, 'uint64'],
  },
  Scope: { name: [1, 'string'], tags: [2, 'string[]'] },
  TagValue: { type: [1, 'string'], value: [2, 'string'] },
  InstantSeries: { labels: [1, 'KeyValue[]'], value: [2, 'double'] },
  TimeSeries: { labels: [1, 'KeyValue[]'], samples: [2, 'Sample[]'], exemplars: [4, 'Exemplar[]'] },
  Sample: { value: [1, 'double'], timestampMs: [2, 'int64'] },
  Exemplar: { labels: [1, 'KeyValue[]'], value: [2, 'double'], timestampMs: [3, 'int64'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
  },
  ArrayValue: { values: [1, 'AnyValue[]'] },
} satisfies Record<string, Fields>

// biome-ignore lint/suspicious/noExplicitAny: a message as JSON has it
type Json = any

/** A message of its JSON. */
export function encodeMessage(name: Message, json: Json): Uint8Array {
  const writer = new Writer()
  write(writer, name, json)
  return writer.finish()
}

function write(writer: Writer, name: string, json: Json): void {
  for (const [key, [number, type]] of Object.entries<Fields[string]>(MESSAGES[name as Message])) {
    const value = json[key]
    if (value === undefined || value === null) continue
    const one = type.replace(/\[\]$|\{\}$/, '')
    if (type.endsWith('[]')) for (const item of value) writeOne(writer, number, one, item)
    else if (type.endsWith('{}')) {
      for (const [name_, item] of Object.entries(value)) {
        writer.message(number, () => {
          writeOne(writer, 1, 'string', name_)
          writeOne(writer, 2, one, item)
        })
      }
    } else writeOne(writer, number, one, value)
  }
}

/** A number that JSON has no word for comes as text: `NaN`, `Infinity`. */
function writeOne(writer: Writer, number: number, type: Type, value: Json): void {
  if (type === 'string') writer.oneofString(number, value)
  else if (type === 'uint32') writer.uint32(number, Number(value))
  else if (type === 'uint64') writer.uint64(number, BigInt(value))
  else if (type === 'int64') writer.int64(number, BigInt(value))
  else if (type === 'double') writer.double(number, Number(value))
  else if (type === 'bool') writer.bool(number, value)
  else writer.message(number, () => write(writer, type, value))
}

/** The fields that were sent, as texts; maps as pairs. Throws OtlpDecodeError. */
export function decodeRequest(
  name: Message,
  bytes: Uint8Array,
): { fields: Record<string, string>; tags: [string, string][] } {
  const reader = new Reader(bytes)
  const fields = table<string>({})
  const tags: [string, string][] = []
  while (reader.more) {
    const tag = reader.tag()
    const found = Object.entries<Fields[string]>(MESSAGES[name]).find(([, [number]]) => number === tag >> 3)
    if (found === undefined) {
      reader.skip(tag)
      continue
    }
    const [key, [, type]] = found
    if (type === 'string') fields[key] = reader.string()
    else if (type === 'uint32') fields[key] = String(reader.uint32())
    else if (type === 'uint64') fields[key] = String(reader.uint64())
    else {
      const pair: [string, string] = ['', '']
      reader.message((inner) => {
        if (inner === 0x0a) pair[0] = reader.string()
        else if (inner === 0x12) pair[1] = reader.string()
        else reader.skip(inner)
      })
      tags.push(pair)
    }
  }
  return { fields, tags }
}
