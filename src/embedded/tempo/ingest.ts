import { LabError } from '../../errors.ts'
import { decodeToKeep } from '../../otlp/protobuf.ts'
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
export type Ingest = ((bytes: Uint8Array) => Promise<ExportResult>) & {
  /** How many spans came since the start. */
  spans(): number
}

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
  let spans = 0
  const take = async (bytes: Uint8Array): Promise<ExportResult> => {
    const { data, rejected, why } = decodeTraces(bytes)
    for (const { scopes } of data) for (const { items } of scopes) spans += items.length
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
    return rejected === 0 ? {} : { rejected, errorMessage: why! }
  }
  return Object.assign(take, { spans: () => spans })
}

export function onlyTraces(signal: string): void {
  if (signal !== 'traces') throw new GrpcRefusal(UNIMPLEMENTED, `Tempo takes traces, not ${signal}`)
}

/**
 * Decodes a request and leaves out spans of no trace. Tempo's distributor refuses all that came with such a span, but a
 * collector's batch holds spans of many senders, who were told that they are taken: here those are kept, and the answer
 * counts the others (OTLP's partial success). A request of nothing else is refused in Tempo's words. A span without an
 * id of its own is kept too, outside of the tree, for a learner to find.
 */
export function decodeTraces(bytes: Uint8Array): { data: TracesData; rejected: number; why?: string } {
  let data: TracesData
  try {
    data = decodeToKeep(bytes)
  } catch (error) {
    throw new GrpcRefusal(INVALID_ARGUMENT, (error as Error).message)
  }
  let [kept, rejected] = [0, 0]
  let why: string | undefined
  for (const { scopes } of data) {
    for (const scope of scopes) {
      const good = scope.items.filter(({ traceId }) => traceId.length === 32)
      kept += good.length
      if (good.length === scope.items.length) continue
      rejected += scope.items.length - good.length
      const bad = scope.items.find(({ traceId }) => traceId.length !== 32)!
      why ??= `trace ids must be 128 bit, received ${bad.traceId.length * 4} bits`
      scope.items = good
    }
  }
  if (why !== undefined && kept === 0) throw new GrpcRefusal(INVALID_ARGUMENT, why)
  return { data, rejected, ...(why === undefined ? {} : { why }) }
}
