import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type ServiceError,
  type sendUnaryData,
} from '@grpc/grpc-js'
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

const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
const plain = { requestSerialize: (b: Buffer) => b, requestDeserialize: (b: Buffer) => b }
const answers = { responseSerialize: (b: Buffer) => b, responseDeserialize: (b: Buffer) => b }

test("the SDKs' own gRPC client is served, and told in Go's words what is not taken", async () => {
  const sizes: number[] = []
  const server = await serveOtlpGrpc({
    port: 0,
    inflate,
    maxMessageBytes: 1 << 20,
    onExport: async (_, bytes) => {
      sizes.push(bytes.length)
      if (bytes.length === 3) throw new GrpcRefusal(GRPC_STATUS.UNAVAILABLE, 'später: 100 %')
      return {}
    },
  })
  const call = (algorithm: number, bytes: number, path = EXPORT) => {
    const options = { 'grpc.default_compression_algorithm': algorithm, 'grpc.max_send_message_length': -1 }
    const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure(), options)
    return new Promise<string>((done) => {
      const told = (error: ServiceError | null) => done(error ? `${error.code} ${error.details}` : 'OK')
      client.makeUnaryRequest(path, plain.requestSerialize, answers.responseDeserialize, Buffer.alloc(bytes), told)
    }).finally(() => client.close())
  }
  const { identity, gzip, deflate } = compressionAlgorithms
  for (const algorithm of [identity, gzip]) expect(await call(algorithm, 700_000)).toBe('OK')
  expect(sizes).toEqual([700_000, 700_000])
  expect(await call(identity, 3)).toBe('14 später: 100 %')
  expect(await call(deflate, 9)).toBe('12 grpc: Decompressor is not installed for grpc-encoding "deflate"')
  const larger = 'grpc: received message larger than max (1048577 vs. 1048576)'
  expect(await call(identity, 1_048_577)).toBe(`8 ${larger}`)
  expect(await call(gzip, 1_048_577)).toBe('8 grpc: received message after decompression larger than max 1048576')
  expect(await call(identity, 9, '/a.B/C')).toBe('12 unknown service a.B')
  expect(await call(identity, 9, EXPORT.replace('Export', 'Import'))).toBe(
    '12 unknown method Import for service opentelemetry.proto.collector.trace.v1.TraceService',
  )
  await server.close()
})

test('a server of another make is sent to, and its hint when to try again is read', async () => {
  const server = new Server()
  const method = { path: EXPORT, requestStream: false, responseStream: false, ...plain, ...answers }
  const details = new Metadata()
  // google.rpc.Status with a RetryInfo of 1.5 s
  const info = Buffer.from([0x0a, 0x08, 0x08, 0x01, 0x10, 0x80, 0xca, 0xb5, 0xee, 0x01])
  const any = Buffer.concat([
    Buffer.from([0x0a, 40]),
    Buffer.from('type.googleapis.com/google.rpc.RetryInfo'),
    Buffer.from([0x12, info.length]),
    info,
  ])
  details.set('grpc-status-details-bin', Buffer.concat([Buffer.from([0x08, 8, 0x1a, any.length]), any]))
  server.addService({ Export: method } as unknown as ServiceDefinition, {
    Export(call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) {
      if (call.request.length === 1) return answer({ code: 8, details: 'slow down', metadata: details })
      answer(null, Buffer.alloc(0))
    },
  })
  const port = await new Promise<number>((done, fail) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, at) =>
      error ? fail(error) : done(at),
    ),
  )
  const client = createOtlpGrpcClient('127.0.0.1', port, { inflate, timeoutMs: 30_000 })
  expect(await client.export('traces', new Uint8Array(300_000))).toEqual({})
  await expect(client.export('traces', new Uint8Array(1))).rejects.toMatchObject({
    code: 8,
    details: 'slow down',
    retryAfterMs: 1500,
  })
  client.close()
  server.forceShutdown()
})
