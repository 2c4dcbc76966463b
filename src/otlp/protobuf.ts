import { readRequest, writeRequest } from './protobuf/common.ts'
import { readLogRecord, writeLogRecord } from './protobuf/logs.ts'
import { readMetric } from './protobuf/metrics.ts'
import { writeMetric } from './protobuf/metrics-write.ts'
import { Reader } from './protobuf/reader.ts'
import { readKeptSpan, readSpan, writeSpan } from './protobuf/traces.ts'
import { Writer } from './protobuf/writer.ts'
import type { LogRecord, Metric, ResourceOf, Signal, SignalData, Span } from './types.ts'

export { OtlpDecodeError } from './protobuf/reader.ts'

const READ = { traces: readSpan, metrics: readMetric, logs: readLogRecord }

/**
 * An Export…ServiceRequest as objects. `TracesData` and its like have the same shape on the wire, and a
 * concatenation of several requests is their union. Throws OtlpDecodeError.
 */
export function decodeRequest<S extends Signal>(signal: S, bytes: Uint8Array): SignalData[S] {
  return readRequest<Span | Metric | LogRecord>(new Reader(bytes), READ[signal], false) as SignalData[S]
}

/** The same for who writes single spans down again: each keeps its bytes (`WIRE`), and the request's memory. */
export function decodeToKeep(bytes: Uint8Array): SignalData['traces'] {
  return readRequest(new Reader(bytes), readKeptSpan, false)
}

/**
 * The same for who sends it on: what is left as it is keeps the bytes that it came as, and the request's memory. Items
 * must not be changed in place.
 */
export function decodeToPassOn<S extends Signal>(signal: S, bytes: Uint8Array): SignalData[S] {
  return readRequest<Span | Metric | LogRecord>(new Reader(bytes), READ[signal], true) as SignalData[S]
}

/** The reverse of `decodeRequest`. Who has many of them brings an empty writer for all. */
export function encodeRequest<S extends Signal>(signal: S, data: SignalData[S], writer = new Writer()): Uint8Array {
  if (signal === 'traces') writeRequest(writer, data as ResourceOf<Span>[], writeSpan)
  else if (signal === 'metrics') writeRequest(writer, data as ResourceOf<Metric>[], writeMetric)
  else writeRequest(writer, data as ResourceOf<LogRecord>[], writeLogRecord)
  return writer.finish()
}
