import { open, readFile, rename, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { AsyncBuffer, FileMetaData, SchemaElement } from 'hyparquet'
import { stringOf } from '../../../../otlp/attributes.ts'
import { Writer } from '../../../../otlp/protobuf/writer.ts'
import { decodeRequest, encodeRequest } from '../../../../otlp/protobuf.ts'
import type { Resource, Span, TracesData } from '../../../../otlp/types.ts'
import { KINDS, STATUSES } from '../view.ts'
import { attributeJson } from './attribute-json.ts'
import { isWhole, withSum } from './sum.ts'

/**
 * A block on disk: a Parquet file with a row for each span, for any Parquet tool to open, traces side by side.
 * `otlp` holds a whole trace as OTLP protobuf, in the row of its first span: nothing that came is lost. `otlp_crc32` is
 * its checksum, for of a damaged block the other traces are still good.
 */
export interface TraceRows {
  id: string
  data: TracesData
}

const ROW_GROUP_SPANS = 20_000
/** Small, for a trace is read by its page. */
const PAGE_BYTES = 32 << 10
const JSON_COLUMNS: ReadonlySet<string> = new Set(['attributes', 'resource_attributes', 'events'])
/** These hardly repeat: looking whether they do would be in vain. */
const PLAIN: ReadonlySet<string> = new Set(['span_id', 'attributes', 'otlp', 'otlp_crc32'])
/** What somebody may look for a range of. */
const RANGED: ReadonlySet<string> = new Set(['start_time', 'end_time', 'duration_nanos'])

/** Loaded with the first block: a new lab has none, and is there the sooner. */
const parquet = () => import('hyparquet')
const parquetWriter = () => import('hyparquet-writer')

/** Writes to a file beside it first and syncs, so that a block is there whole or not at all. */
export async function writeBlock(path: string, traces: readonly TraceRows[]): Promise<void> {
  const temporary = `${path}.tmp`
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(withSum(Buffer.from(await encodeBlock(traces))))
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

async function encodeBlock(traces: readonly TraceRows[]): Promise<ArrayBuffer> {
  const { parquetWriteBuffer } = await parquetWriter()
  const columns = {
    trace_id: [] as string[],
    span_id: [] as Uint8Array[],
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
    resource_attributes: [] as string[],
    events: [] as string[],
    otlp: [] as (Uint8Array | undefined)[],
    otlp_crc32: [] as (number | undefined)[],
  }
  const writer = new Writer()
  const resources = new Map<Resource, { service: string; json: string }>()
  for (const { id, data } of traces) {
    let blob: Uint8Array | undefined = encodeRequest('traces', data, writer)
    for (const { resource, scopes } of data) {
      let known = resources.get(resource)
      if (known === undefined) {
        const service = resource.attributes.findLast(({ key }) => key === 'service.name')?.value ?? ''
        known = { service: stringOf(service), json: attributeJson(resource.attributes) }
        resources.set(resource, known)
      }
      for (const { scope, items } of scopes) {
        for (const span of items) {
          columns.trace_id.push(id)
          columns.span_id.push(Buffer.from(span.spanId, 'latin1'))
          columns.parent_span_id.push(span.parentSpanId)
          columns.service_name.push(known.service)
          columns.name.push(span.name)
          columns.kind.push(KINDS[span.kind] ?? 'unspecified')
          columns.start_time.push(BigInt.asIntN(64, span.startTimeUnixNano))
          columns.end_time.push(BigInt.asIntN(64, span.endTimeUnixNano))
          columns.duration_nanos.push(BigInt.asIntN(64, span.endTimeUnixNano - span.startTimeUnixNano))
          columns.status.push(STATUSES[span.status.code] ?? 'unset')
          columns.status_message.push(span.status.message)
          columns.scope_name.push(scope.name)
          columns.attributes.push(Buffer.from(attributeJson(span.attributes)))
          columns.resource_attributes.push(known.json)
          columns.events.push(span.events.length === 0 ? '[]' : eventsJson(span))
          columns.otlp.push(blob)
          columns.otlp_crc32.push(blob && crc32(blob) | 0)
          blob = undefined
        }
      }
    }
  }
  return parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, list]) => ({
      name,
      data: list as unknown[],
      ...(PLAIN.has(name) && { encoding: 'PLAIN' as const }),
      ...(!RANGED.has(name) && { statistics: false }),
    })),
    schema: [{ name: 'root', num_children: Object.keys(columns).length }, ...Object.keys(columns).map(element)],
    rowGroupSize: ROW_GROUP_SPANS,
    pageSize: PAGE_BYTES,
    createdBy: 'otel-lab',
  })
}

function element(name: string): SchemaElement {
  const required = 'REQUIRED'
  if (name === 'otlp') return { name, type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' }
  if (name === 'otlp_crc32') return { name, type: 'INT32', repetition_type: 'OPTIONAL' }
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

const eventsJson = ({ events }: Span): string =>
  `[${events.map((e) => `{"name":${JSON.stringify(e.name)},"attributes":${attributeJson(e.attributes)}}`).join(',')}]`

/** A block on disk that is not what was written. */
export class DamagedBlock extends Error {
  /** The traces of it that are as they were. */
  readonly saved: TraceRows[]
  constructor(path: string, why: string, saved: TraceRows[]) {
    super(`${path} is damaged: ${why}`)
    this.saved = saved
  }
}

/** All traces of a block. Throws DamagedBlock when a byte of it is not as it was written. */
export async function readBlock(path: string): Promise<TraceRows[]> {
  const bytes = await readFile(path)
  if (!isWhole(bytes)) throw new DamagedBlock(path, 'its checksum differs', await salvage(bytes))
  try {
    const { parquetReadObjects } = await parquet()
    const file = arrayBufferOf(bytes)
    const list = await parquetReadObjects({ file, columns: ['trace_id', 'otlp'], utf8: false })
    return list.flatMap(({ trace_id: id, otlp }) =>
      otlp instanceof Uint8Array ? [{ id: String(id), data: decodeRequest('traces', otlp) }] : [],
    )
  } catch (error) {
    throw new DamagedBlock(path, (error as Error).message, await salvage(bytes))
  }
}

/** So many rows are read at once where some may not be readable. */
const SALVAGE_ROWS = 50

async function salvage(bytes: Buffer): Promise<TraceRows[]> {
  const { parquetMetadata } = await parquet()
  const file = arrayBufferOf(bytes)
  const saved: TraceRows[] = []
  let metadata: FileMetaData
  try {
    metadata = parquetMetadata(file)
  } catch {
    return saved
  }
  const rows = Number(metadata.num_rows)
  for (let from = 0; from < rows; from += SALVAGE_ROWS) {
    const to = Math.min(from + SALVAGE_ROWS, rows)
    for (const { otlp, sum } of await readOtlp(file, metadata, from, to).catch(() => [])) {
      if (otlp === undefined || sum !== crc32(otlp)) continue
      const data = decodeRequest('traces', otlp)
      saved.push({ id: data[0]!.scopes[0]!.items[0]!.traceId, data })
    }
  }
  return saved
}

/** What some rows hold of traces. Blocks of the first versions have no sums. */
async function readOtlp(file: ArrayBuffer | AsyncBuffer, metadata: FileMetaData, from: number, to: number) {
  const { parquetReadObjects } = await parquet()
  const summed = metadata.schema.some(({ name }) => name === 'otlp_crc32')
  const columns = ['otlp', ...(summed ? ['otlp_crc32'] : [])]
  const rows = { rowStart: from, rowEnd: to, useOffsetIndex: true }
  const list = await parquetReadObjects({ file, metadata, columns, utf8: false, ...rows })
  return list.map(({ otlp, otlp_crc32: sum }) => ({
    otlp: otlp instanceof Uint8Array ? otlp : undefined,
    sum: typeof sum === 'number' ? sum >>> 0 : undefined,
  }))
}

const arrayBufferOf = ({ buffer, byteOffset, byteLength }: Buffer) =>
  buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer

/** The trace whose first span is in row `from`. Throws Error when it is not there as it was written. */
export async function readTrace(path: string, from: number): Promise<TracesData> {
  const { asyncBufferFromFile, parquetMetadataAsync } = await parquet()
  const file = await asyncBufferFromFile(path)
  const [row] = await readOtlp(file, await parquetMetadataAsync(file), from, from + 1)
  if (row?.otlp === undefined) throw new Error(`${path} holds no trace at row ${from}`)
  if (row.sum !== undefined && row.sum !== crc32(row.otlp))
    throw new Error(`${path} is damaged: the checksum of the trace at row ${from} differs`)
  return decodeRequest('traces', row.otlp)
}
