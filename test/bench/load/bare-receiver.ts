import { createInflate } from '../../../src/embedded/compression.ts'
import { serveOtlpGrpc } from '../../../src/embedded/otlp-grpc.ts'
import { decodeRequest } from '../../../src/otlp/protobuf.ts'

/** Decodes what comes and forgets it: what gRPC and the decoding alone allow, sender and receiver in one process. */
export function bareReceiver(): Promise<{ port: number; close(): Promise<void> }> {
  return serveOtlpGrpc({
    port: 0,
    inflate: createInflate(64 << 20),
    onExport: async (signal, bytes) => {
      decodeRequest(signal, bytes)
      return {}
    },
  })
}
