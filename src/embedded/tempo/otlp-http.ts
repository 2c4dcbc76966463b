import { type Context, Hono } from 'hono'
import { requestFromJsonBytes } from '../../otlp/json.ts'
import { encodeRequest } from '../../otlp/protobuf.ts'
import { HTTP_ENCODINGS, type Inflate } from '../compression.ts'
import { encodeStatus } from '../grpc/status.ts'
import { HttpRefusal, readBody } from '../http.ts'
import { encodeResult, GrpcRefusal } from '../otlp-grpc.ts'
import type { Ingest } from './ingest.ts'

/** HTTP for gRPC's codes, as the collector's otlp receiver maps them. */
const STATUS: Record<number, 400 | 429 | 503 | 500> = { 3: 400, 8: 429, 14: 503 }

/** POST /v1/traces: the OTLP receiver over HTTP, protobuf or JSON. Answers errors as google.rpc.Status. */
export function otlpHttpApp(ingest: Ingest, maxMessageBytes: number, inflate: Inflate): Hono {
  const limits = { limitBytes: maxMessageBytes, maxInflatedBytes: maxMessageBytes, inflate, encodings: HTTP_ENCODINGS }
  const app = new Hono()
  app.post('/v1/traces', async (c) => {
    const json = (c.req.header('content-type') ?? '').startsWith('application/json')
    if (!json && !(c.req.header('content-type') ?? '').startsWith('application/x-protobuf')) {
      return c.text('415 unsupported media type, supported: [application/json, application/x-protobuf]', 415)
    }
    try {
      const body = await readBody(c.req.raw, limits)
      const result = await ingest(json ? fromJson(body) : body)
      const { rejected, errorMessage } = result
      if (json) return c.json(rejected ? { partialSuccess: { rejectedSpans: String(rejected), errorMessage } } : {})
      return new Response(new Uint8Array(encodeResult(result)), {
        headers: { 'content-type': 'application/x-protobuf' },
      })
    } catch (error) {
      return refusal(c, error, json)
    }
  })
  return app
}

function fromJson(body: Uint8Array): Uint8Array {
  try {
    return encodeRequest('traces', requestFromJsonBytes('traces', body))
  } catch (error) {
    throw new HttpRefusal(400, (error as Error).message)
  }
}

function refusal(c: Context, error: unknown, json: boolean): Response {
  const { message } = error as Error
  const grpc = error instanceof GrpcRefusal ? error.code : undefined
  const status = error instanceof HttpRefusal ? error.status : grpc === undefined ? 500 : (STATUS[grpc] ?? 500)
  if (json) return c.json({ code: grpc ?? 3, message }, status as 400)
  return c.body(encodeStatus(grpc ?? 3, message), status as 400, { 'content-type': 'application/x-protobuf' })
}
