import { OtlpDecodeError, Reader } from '../otlp/protobuf/reader.ts'
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

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Throws OtlpDecodeError (or TypeError on bad UTF-8) when the bytes are no WriteRequest. */
export function decodeWriteRequest(bytes: Uint8Array): WriteSeries[] {
  const series: WriteSeries[] = []
  const r = new Reader(bytes)
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) series.push(readSeries(r))
    else passOver(r, tag, 1)
  }
  return series
}

/** A field that the protocol has added since; those up to `known` it has in one form only. */
function passOver(r: Reader, tag: number, known: number): void {
  if (tag >>> 3 <= known) throw new OtlpDecodeError(`proto: wrong wireType = ${tag & 7}`, r.pos)
  r.skip(tag)
}

/** TimeSeries: labels 1, samples 2, exemplars 3, histograms 4. */
function readSeries(r: Reader): WriteSeries {
  const series: WriteSeries = { labels: [], samples: [], exemplars: [], histograms: 0 }
  r.message((tag) => {
    if (tag === 0x0a) series.labels.push(readLabel(r))
    else if (tag === 0x12) series.samples.push(readSample(r))
    else if (tag === 0x1a) series.exemplars.push(readExemplar(r))
    else if (tag === 0x22) {
      series.histograms++
      r.skip(tag)
    } else passOver(r, tag, 4)
  })
  return series
}

/** Label: name 1, value 2. */
function readLabel(r: Reader): [string, string] {
  const label: [string, string] = ['', '']
  r.message((tag) => {
    if (tag === 0x0a) label[0] = utf8.decode(r.blob())
    else if (tag === 0x12) label[1] = utf8.decode(r.blob())
    else passOver(r, tag, 2)
  })
  return label
}

/** Sample: value 1, timestamp 2. */
function readSample(r: Reader): WriteSeries['samples'][number] {
  const sample = { value: 0, time: 0, stale: false }
  r.message((tag) => {
    if (tag === 0x09) {
      const bits = r.fixed64()
      sample.value = new Float64Array(new BigUint64Array([bits]).buffer)[0]!
      sample.stale = bits === STALE_NAN
    } else if (tag === 0x10) sample.time = Number(r.int64())
    else passOver(r, tag, 2)
  })
  return sample
}

/** Exemplar: labels 1, value 2, timestamp 3. */
function readExemplar(r: Reader): WriteSeries['exemplars'][number] {
  const exemplar: WriteSeries['exemplars'][number] = { labels: [], value: 0, time: 0 }
  r.message((tag) => {
    if (tag === 0x0a) exemplar.labels.push(readLabel(r))
    else if (tag === 0x11) exemplar.value = r.double()
    else if (tag === 0x18) exemplar.time = Number(r.int64())
    else passOver(r, tag, 3)
  })
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
