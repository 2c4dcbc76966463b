import { Writer } from '../otlp/protobuf/writer.ts'

/** What a remote-write 1.0 request holds (prometheus/prompb remote.proto and types.proto), times in ms. */
export interface WriteSeries {
  labels: [string, string][]
  samples: { value: number; time: number; stale: boolean }[]
  exemplars: { labels: [string, string][]; value: number; time: number }[]
  /** Native histograms in it, which are not stored here. */
  histograms: number
}

/** Prometheus marks the end of a series by this one NaN. */
const STALE_NAN = 0x7ff0000000000002n

interface Field {
  number: number
  /** Varint and fixed64 as bigint, bytes as they are. */
  value: bigint | Uint8Array
}

function* fields(bytes: Uint8Array): Generator<Field> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const b = bytes[at++]
      if (b === undefined) throw new RangeError('unexpected EOF')
      value |= BigInt(b & 127) << shift
      if (b < 128) return BigInt.asUintN(64, value)
    }
    throw new RangeError('proto: integer overflow')
  }
  const take = (size: number) => {
    if (size > bytes.length - at) throw new RangeError('unexpected EOF')
    at += size
    return bytes.subarray(at - size, at)
  }
  while (at < bytes.length) {
    const key = Number(varint())
    const number = key >>> 3
    const wire = key & 7
    if (wire === 0) yield { number, value: varint() }
    else if (wire === 1) {
      take(8)
      yield { number, value: view.getBigUint64(at - 8, true) }
    } else if (wire === 2) yield { number, value: take(Number(varint())) }
    else if (wire === 5) take(4)
    else throw new RangeError(`proto: illegal wireType ${wire}`)
  }
}

const bytesOf = ({ value }: Field) => {
  if (typeof value === 'bigint') throw new RangeError('proto: wrong wireType')
  return value
}
const bitsOf = ({ value }: Field) => {
  if (typeof value !== 'bigint') throw new RangeError('proto: wrong wireType')
  return value
}
const utf8 = new TextDecoder('utf-8', { fatal: true })
const doubleOf = (bits: bigint) => new Float64Array(new BigUint64Array([bits]).buffer)[0]!

/** Throws RangeError (or TypeError on bad UTF-8) when the bytes are no WriteRequest. */
export function decodeWriteRequest(bytes: Uint8Array): WriteSeries[] {
  const series: WriteSeries[] = []
  for (const field of fields(bytes)) if (field.number === 1) series.push(decodeSeries(bytesOf(field)))
  return series
}

function decodeSeries(bytes: Uint8Array): WriteSeries {
  const series: WriteSeries = { labels: [], samples: [], exemplars: [], histograms: 0 }
  for (const field of fields(bytes)) {
    if (field.number === 1) series.labels.push(decodeLabel(bytesOf(field)))
    else if (field.number === 2) series.samples.push(decodeSample(bytesOf(field)))
    else if (field.number === 3) series.exemplars.push(decodeExemplar(bytesOf(field)))
    else if (field.number === 4) series.histograms++
  }
  return series
}

function decodeLabel(bytes: Uint8Array): [string, string] {
  const label: [string, string] = ['', '']
  for (const field of fields(bytes)) {
    if (field.number === 1 || field.number === 2) label[field.number - 1] = utf8.decode(bytesOf(field))
  }
  return label
}

function decodeSample(bytes: Uint8Array): WriteSeries['samples'][number] {
  const sample = { value: 0, time: 0, stale: false }
  for (const field of fields(bytes)) {
    if (field.number === 1) {
      sample.value = doubleOf(bitsOf(field))
      sample.stale = bitsOf(field) === STALE_NAN
    } else if (field.number === 2) sample.time = Number(BigInt.asIntN(64, bitsOf(field)))
  }
  return sample
}

function decodeExemplar(bytes: Uint8Array): WriteSeries['exemplars'][number] {
  const exemplar: WriteSeries['exemplars'][number] = { labels: [], value: 0, time: 0 }
  for (const field of fields(bytes)) {
    if (field.number === 1) exemplar.labels.push(decodeLabel(bytesOf(field)))
    else if (field.number === 2) exemplar.value = doubleOf(bitsOf(field))
    else if (field.number === 3) exemplar.time = Number(BigInt.asIntN(64, bitsOf(field)))
  }
  return exemplar
}

/** What a sender says of a series; times in ms. */
export interface SentSeries {
  labels: readonly (readonly [string, string])[]
  samples: readonly { value: number; time: number; stale?: boolean }[]
}

/** A WriteRequest, each series with its labels in the order of their names, as the protocol wants them. */
export function encodeWriteRequest(series: readonly SentSeries[]): Uint8Array {
  const out = new Writer()
  for (const { labels, samples } of series) {
    out.message(1, () => {
      for (const [name, value] of [...labels].sort(([a], [b]) => (a < b ? -1 : 1))) {
        out.message(1, () => {
          out.string(1, name)
          out.string(2, value)
        })
      }
      for (const { value, time, stale } of samples) {
        out.message(2, () => {
          if (stale) out.sfixed64(1, STALE_NAN)
          else out.double(1, value)
          out.int64(2, BigInt(time))
        })
      }
    })
  }
  return out.finish()
}

/** The headers that go with it. */
export const WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
}
