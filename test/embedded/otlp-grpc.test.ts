import { expect, test } from 'vitest'
import { createInflate } from '../../src/embedded/compression.ts'
import { createOtlpGrpcClient, GRPC_STATUS, GrpcRefusal, serveOtlpGrpc } from '../../src/embedded/otlp-grpc.ts'
import { decodeRequest } from '../../src/otlp/protobuf.ts'

const inflate = createInflate(64 << 20)

test('requests arrive as they were sent, compressed or not, and answers come back', async () => {
  const seen: string[] = []
  const server = await serveOtlpGrpc({
    port: 0,
    inflate,
    onExport: async (signal, bytes, metadata) => {
      if (signal === 'logs') throw new GrpcRefusal(GRPC_STATUS.RESOURCE_EXHAUSTED, 'data refused')
      if (bytes.length > 10) decodeRequest(signal, bytes)
      seen.push(`${signal} ${bytes.length} ${metadata['x-tenant']}`)
      return signal === 'metrics' ? { rejected: 3, errorMessage: 'three were bad' } : {}
    },
  })
  for (const compression of ['gzip', 'snappy', 'zstd', 'none']) {
    const client = createOtlpGrpcClient('127.0.0.1', server.port, {
      inflate,
      compression,
      headers: { 'x-tenant': 'a' },
    })
    expect(await client.export('traces', new Uint8Array(5))).toEqual({})
    expect(await client.export('metrics', new Uint8Array(6))).toEqual({ rejected: 3, errorMessage: 'three were bad' })
    await expect(client.export('logs', new Uint8Array(7))).rejects.toMatchObject({
      code: GRPC_STATUS.RESOURCE_EXHAUSTED,
      message: 'rpc error: code = ResourceExhausted desc = data refused',
    })
    await expect(client.export('traces', new Uint8Array(11).fill(255))).rejects.toMatchObject({
      code: GRPC_STATUS.INTERNAL,
    })
    client.close()
  }
  expect(seen).toEqual(Array(4).fill(['traces 5 a', 'metrics 6 a']).flat())
  await expect(serveOtlpGrpc({ port: server.port, inflate, onExport: async () => ({}) })).rejects.toMatchObject({
    code: 'port-taken',
  })
  await server.close()
  const client = createOtlpGrpcClient('127.0.0.1', server.port, { inflate, timeoutMs: 1000 })
  await expect(client.export('traces', new Uint8Array(1))).rejects.toMatchObject({ code: GRPC_STATUS.UNAVAILABLE })
  client.close()
})
