import { LabError } from '../../errors.ts'
import { decodeRequest } from '../../otlp/protobuf.ts'
import type { TracesData } from '../../otlp/types.ts'
import type { Journal } from '../journal.ts'
import type { ExportResult } from '../otlp-grpc.ts'
import { GrpcRefusal } from '../otlp-grpc.ts'
import type { TraceStore } from './store/store.ts'

/** gRPC status codes. */
const INVALID_ARGUMENT = 3
const UNIMPLEMENTED = 12
const UNAVAILABLE = 14

/** Takes the bytes of one export request: on disk first, then in the store, then acknowledged. */
export type Ingest = (bytes: Uint8Array) => Promise<ExportResult>

/**
 * Throws GrpcRefusal: garbage is the sender's fault, a full disk ours, to be tried again.
 * `relieve` makes room when the store is crowded; senders wait for it, so memory stays bounded.
 * `observe` sees what was taken in.
 */
export function createIngest(
  store: TraceStore,
  journal: Journal,
  now: () => number,
  relieve: () => Promise<void>,
  observe?: (data: TracesData) => void,
): Ingest {
  return async (bytes) => {
    const data = decodeTraces(bytes)
    const arrived = store.expect(journal.segment)
    try {
      const { segment } = await journal.append(() => bytes)
      store.append(data, segment, now())
      arrived()
      observe?.(data)
      if (store.crowded) await relieve()
    } catch (error) {
      if (error instanceof LabError) throw new GrpcRefusal(UNAVAILABLE, error.message)
      throw error
    } finally {
      arrived()
    }
    return {}
  }
}

export function onlyTraces(signal: string): void {
  if (signal !== 'traces') throw new GrpcRefusal(UNIMPLEMENTED, `Tempo takes traces, not ${signal}`)
}

/**
 * Decodes a request and refuses spans of no trace, as Tempo's distributor does. It refuses spans without an id too,
 * and all that came with them; here such a span is kept, outside of the tree, for a learner to find.
 */
export function decodeTraces(bytes: Uint8Array): TracesData {
  let data: TracesData
  try {
    data = decodeRequest('traces', bytes)
  } catch (error) {
    throw new GrpcRefusal(INVALID_ARGUMENT, (error as Error).message)
  }
  for (const { scopes } of data) {
    for (const { items } of scopes) {
      for (const { traceId } of items) {
        if (traceId.length === 32) continue
        throw new GrpcRefusal(INVALID_ARGUMENT, `trace ids must be 128 bit, received ${traceId.length * 4} bits`)
      }
    }
  }
  return data
}
