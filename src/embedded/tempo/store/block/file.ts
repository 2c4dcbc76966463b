import { open, rename, rm } from 'node:fs/promises'
import { asyncBufferFromFile, parquetReadObjects, type SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { stringOf } from '../../../../otlp/attributes.ts'
import { decodeRequest, encodeRequest } from '../../../../otlp/protobuf.ts'
import type { AnyValue, KeyValue, TracesData } from '../../../../otlp/types.ts'
import { KINDS, STATUSES } from '../view.ts'

/**
 * A block on disk: a Parquet file with a row for each span, for any Parquet tool to open, traces side by side.
 * `otlp` holds a whole trace as OTLP protobuf, in the row of its first span: nothing that came is lost.
 */
export interface TraceRows {
  id: string
  data: TracesData
}

const ROW_GROUP_SPANS = 20_000
/** Small, for a trace is read by its page. */
const PAGE_BYTES = 32 << 10
const JSON_COLUMNS: ReadonlySet<string> = new Set(['attributes', 'resource_attributes', 'events'])
const json = (value: unknown) => Buffer.from(JSON.stringify(value))
const NO_EVENTS = json([])

/** Writes to a file beside it first and syncs, so that a block is there whole or not at all. */
export async function writeBlock(path: string, traces: readonly TraceRows[]): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(new Uint8Array(encodeBlock(traces)))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    throw error
  }
}

function encodeBlock(traces: readonly TraceRows[]): ArrayBuffer {
  const columns = {
    trace_id: [] as string[],
    span_id: [] as string[],
    parent_span_id: [] as string[],
    service_name: [] as string[],
    name: [] as string[],
    kind: [] as string[],
    start_time: [] as bigint[],
    end_time: [] as bigint[],
    duration_nanos: [] as bigint[],
    status: [] as string[],
    status_message: [] as string[],
    scope_name: [] as string[],
    attributes: [] as Uint8Array[],
    resource_attributes: [] as Uint8Array[],
    events: [] as Uint8Array[],
    otlp: [] as (Uint8Array | undefined)[],
  }
  for (const { id, data } of traces) {
    let blob: Uint8Array | undefined = encodeRequest('traces', data)
    for (const { resource, scopes } of data) {
      const resourceAttributes = plain(resource.attributes)
      const resourceJson = json(resourceAttributes)
      for (const { scope, items } of scopes) {
        for (const span of items) {
          columns.trace_id.push(id)
          columns.span_id.push(span.spanId)
          columns.parent_span_id.push(span.parentSpanId)
          columns.service_name.push(String(resourceAttributes['service.name'] ?? ''))
          columns.name.push(span.name)
          columns.kind.push(KINDS[span.kind] ?? 'unspecified')
          columns.start_time.push(BigInt.asIntN(64, span.startTimeUnixNano))
          columns.end_time.push(BigInt.asIntN(64, span.endTimeUnixNano))
          columns.duration_nanos.push(BigInt.asIntN(64, span.endTimeUnixNano - span.startTimeUnixNano))
          columns.status.push(STATUSES[span.status.code] ?? 'unset')
          columns.status_message.push(span.status.message)
          columns.scope_name.push(scope.name)
          columns.attributes.push(json(plain(span.attributes)))
          columns.resource_attributes.push(resourceJson)
          columns.events.push(
            span.events.length === 0
              ? NO_EVENTS
              : json(span.events.map((e) => ({ name: e.name, attributes: plain(e.attributes) }))),
          )
          columns.otlp.push(blob)
          blob = undefined
        }
      }
    }
  }
  return parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, list]) => {
      // These hardly repeat, and nobody looks for a range of them.
      const plain = JSON_COLUMNS.has(name) || name === 'otlp'
      return { name, data: list as unknown[], ...(plain && { encoding: 'PLAIN' as const, statistics: false }) }
    }),
    schema: [{ name: 'root', num_children: Object.keys(columns).length }, ...Object.keys(columns).map(element)],
    rowGroupSize: ROW_GROUP_SPANS,
    pageSize: PAGE_BYTES,
    createdBy: 'otel-lab',
  })
}

function element(name: string): SchemaElement {
  const required = 'REQUIRED'
  if (name === 'otlp') return { name, type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' }
  if (name === 'duration_nanos') return { name, type: 'INT64', repetition_type: required }
  if (name === 'start_time' || name === 'end_time') {
    const logical_type = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } as const
    return { name, type: 'INT64', repetition_type: required, logical_type }
  }
  // As UTF8 of old, the writer takes what is JSON already.
  if (JSON_COLUMNS.has(name))
    return {
      name,
      type: 'BYTE_ARRAY',
      converted_type: 'UTF8',
      logical_type: { type: 'JSON' },
      repetition_type: required,
    }
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: required }
}

/** For people and SQL: numbers and texts as they are, all else as the collector would print it. */
function plain(list: readonly KeyValue[]): Record<string, unknown> {
  const simple = (value: AnyValue) => {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    return typeof value === 'object' ? stringOf(value) : value
  }
  return Object.fromEntries(list.map(({ key, value }) => [key, simple(value)]))
}

/** All traces of a block. Throws Error when the file is no block of ours. */
export async function readBlock(path: string): Promise<TraceRows[]> {
  const file = await asyncBufferFromFile(path)
  const list = await parquetReadObjects({ file, columns: ['trace_id', 'otlp'], utf8: false })
  return list.flatMap(({ trace_id: id, otlp }) =>
    otlp instanceof Uint8Array ? [{ id: String(id), data: decodeRequest('traces', otlp) }] : [],
  )
}

/** The trace whose first span is in row `from`. */
export async function readTrace(path: string, from: number): Promise<TracesData> {
  const [row] = await parquetReadObjects({
    file: await asyncBufferFromFile(path),
    columns: ['otlp'],
    utf8: false,
    rowStart: from,
    rowEnd: from + 1,
    useOffsetIndex: true,
  })
  if (!(row?.otlp instanceof Uint8Array)) throw new Error(`${path} holds no trace at row ${from}`)
  return decodeRequest('traces', row.otlp)
}
