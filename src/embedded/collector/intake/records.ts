import type { Signal } from '../../../otlp/types.ts'
import { SIGNALS } from '../../../util/signal.ts'

/** A request as it came in. The journal's record: the signal's number, the id as a double, the request's protobuf. */
export interface Request {
  id: number
  signal: Signal
  bytes: Uint8Array
}

/** In the place of a signal: what follows are the ids of requests that are delivered. */
const DONE = 255
/** The same: what follows says, as JSON, which ends of pipelines are done with which requests. */
const SETTLED = 254
const HEAD = 9

/** By the ids of requests: the ends of pipelines that are done with them, while others are not. */
export type Settled = ReadonlyMap<number, ReadonlySet<string>>

export function asSettled(settled: Settled): Uint8Array {
  const text = JSON.stringify([...settled].map(([id, ends]) => [id, [...ends]]))
  return Buffer.concat([Uint8Array.of(SETTLED), Buffer.from(text)])
}

export function asRequest(id: number, signal: Signal, bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEAD + bytes.length)
  record[0] = SIGNALS.indexOf(signal)
  new DataView(record.buffer).setFloat64(1, id)
  record.set(bytes, HEAD)
  return record
}

export function asDone(ids: readonly number[]): Uint8Array {
  const record = new Uint8Array(1 + ids.length * 8)
  record[0] = DONE
  const view = new DataView(record.buffer)
  for (const [i, id] of ids.entries()) view.setFloat64(1 + i * 8, id)
  return record
}

/** Undefined for a record of another kind. The bytes are a copy. */
export function readRecord(record: Uint8Array): Request | { done: number[] } | { settled: Settled } | undefined {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength)
  if (record[0] === DONE) {
    return { done: Array.from({ length: (record.length - 1) / 8 }, (_, i) => view.getFloat64(1 + i * 8)) }
  }
  if (record[0] === SETTLED) {
    const list = JSON.parse(Buffer.from(record.subarray(1)).toString()) as [number, string[]][]
    return { settled: new Map(list.map(([id, ends]) => [id, new Set(ends)])) }
  }
  const signal = SIGNALS[record[0]!]
  if (signal === undefined || record.length < HEAD) return undefined
  return { id: view.getFloat64(1), signal, bytes: record.slice(HEAD) }
}
