import { Reader } from '../../../otlp/protobuf/reader.ts'
import { unsnappy } from '../../snappy.ts'
import { goQuote, labelOf, labelsText, type RawLabels, sortedLabels } from '../labels.ts'
import type { PushedEntry, PushedStream } from './otlp.ts'
import { parseStreamLabels } from './parse-labels.ts'

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n

/** POST /loki/api/v1/push as JSON: `{streams: [{stream: {…}, values: [["ns", "line", {…}]]}]}`. Throws Error. */
export function pushFromJson(bytes: Uint8Array): PushedStream[] {
  const body = JSON.parse(new TextDecoder().decode(bytes)) as unknown
  const { streams } = objectAt(body, 'the request')
  return listAt(streams ?? [], 'streams').map((item, i) => {
    const { stream, values } = objectAt(item, `streams[${i}]`)
    const pairs = Object.entries(objectAt(stream ?? {}, `streams[${i}].stream`)).map(
      ([name, value]): [string, string] => [name, textAt(value, `streams[${i}].stream.${name}`)],
    )
    // Read back as text, so that a name which is none is refused in the same words.
    const labels = parseStreamLabels(labelsText(pairs.sort(([a], [b]) => (a < b ? -1 : 1))))
    const entries = listAt(values ?? [], `streams[${i}].values`).map((value, j) =>
      entryFromJson(value, `streams[${i}].values[${j}]`),
    )
    return { text: labelsText(labels), labels: [...labels], entries }
  })
}

function entryFromJson(value: unknown, path: string): PushedEntry {
  const parts = listAt(value, path)
  if (parts.length < 2 || parts.length > 3) {
    throw new Error(`${path}: error reading entry: array must have at least 2 and up to 3 values`)
  }
  const time = textAt(parts[0], path)
  const nanos = /^[+-]?\d{1,20}$/.test(time) ? BigInt(time) : undefined
  if (nanos === undefined || nanos < MIN_INT64 || nanos > MAX_INT64) {
    const why = nanos === undefined ? 'invalid syntax' : 'value out of range'
    throw new Error(`${path}: error reading entry timestamp: strconv.ParseInt: parsing ${goQuote(time)}: ${why}`)
  }
  const metadata = Object.entries(objectAt(parts[2] ?? {}, path)).map(([name, text]): [string, string] => [
    name,
    textAt(text, `${path}.${name}`),
  ])
  return { nanos, line: textAt(parts[1], path), metadata }
}

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error(`${path}: expected an object`)
}

function listAt(value: unknown, path: string): unknown[] {
  if (Array.isArray(value)) return value
  throw new Error(`${path}: expected an array`)
}

function textAt(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  throw new Error(`${path}: expects " or n, but found ${JSON.stringify(value)?.slice(0, 20)}`)
}

/**
 * The same as protobuf in a snappy block. grafana/loki pkg/push push.proto: PushRequest {streams 1}, StreamAdapter
 * {labels 1, entries 2}, EntryAdapter {timestamp 1, line 2, structuredMetadata 3}, LabelPairAdapter {name 1, value 2}.
 */
export function pushFromProtobuf(packed: Uint8Array, maxBytes: number): PushedStream[] {
  const r = new Reader(unsnappy(packed, maxBytes))
  const streams: PushedStream[] = []
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) streams.push(readStream(r))
    else r.skip(tag)
  }
  return streams
}

function readStream(r: Reader): PushedStream {
  let text = ''
  const entries: PushedEntry[] = []
  r.message((tag) => {
    if (tag === 0x0a) text = r.string()
    else if (tag === 0x12) entries.push(readEntry(r))
    else r.skip(tag)
  })
  const labels = parseStreamLabels(text)
  return { text: labelsText(labels), labels: [...labels], entries }
}

function readEntry(r: Reader): PushedEntry {
  let nanos = 0n
  let line = ''
  const metadata: [string, string][] = []
  r.message((tag) => {
    if (tag === 0x0a) nanos = readTimestamp(r)
    else if (tag === 0x12) line = r.string()
    else if (tag === 0x1a) metadata.push(readPair(r))
    else r.skip(tag)
  })
  return { nanos: BigInt.asIntN(64, nanos), line, metadata }
}

/** google.protobuf.Timestamp: seconds 1, nanos 2. */
function readTimestamp(r: Reader): bigint {
  let nanos = 0n
  r.message((tag) => {
    if (tag === 0x08) nanos += r.int64() * 1_000_000_000n
    else if (tag === 0x10) nanos += r.int64()
    else r.skip(tag)
  })
  return nanos
}

function readPair(r: Reader): [string, string] {
  const pair: [string, string] = ['', '']
  r.message((tag) => {
    if (tag === 0x0a) pair[0] = r.string()
    else if (tag === 0x12) pair[1] = r.string()
    else r.skip(tag)
  })
  return pair
}

/** A stream without service_name gets one from the first label of `candidates` that it has. */
export function withServiceName(stream: PushedStream, candidates: readonly string[]): PushedStream {
  const labels = sortedLabels(stream.labels)
  if (candidates.length === 0 || labelOf(labels, 'service_name') !== undefined) return stream
  const found = candidates.map((name) => labelOf(labels, name)).find((value) => value !== undefined)
  const named: RawLabels = [...sortedLabels([...labels, ['service_name', found ?? 'unknown_service']])]
  return { ...stream, text: labelsText(named), labels: named }
}
