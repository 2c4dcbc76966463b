import { type Context, Hono } from 'hono'
import { OtlpJsonError, requestFromJson } from '../../../otlp/json.ts'
import { Writer } from '../../../otlp/protobuf/writer.ts'
import { decodeRequest, OtlpDecodeError } from '../../../otlp/protobuf.ts'
import type { Signal } from '../../../otlp/types.ts'
import { HttpRefusal, readBody } from '../../http.ts'
import { type Accept, Refusal } from '../component.ts'

const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

/** confighttp's default for max_request_body_size. */
const MAX_BYTES = 20 * 1024 * 1024

export interface OtlpHttpOptions {
  // biome-ignore lint/suspicious/noExplicitAny: the receiver's schema has checked it
  http: any
  signals: readonly Signal[]
  accept: Accept
}

/** OTLP/HTTP as the collector's receiver answers it: a google.rpc.Status in the request's own encoding on errors. */
export function otlpHttpApp({ http, signals, accept }: OtlpHttpOptions): Hono {
  const app = new Hono()
  const maxBytes = http.max_request_body_size || MAX_BYTES
  for (const signal of signals) {
    app.all(http[`${signal}_url_path`], async (c) => {
      const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
      if (c.req.method !== 'POST') {
        return c.text(`405 method not allowed, supported: [POST]`, 405, { allow: 'POST' })
      }
      if (type !== PROTOBUF && type !== JSON_TYPE) {
        return c.text(`415 unsupported media type, supported: [${JSON_TYPE}, ${PROTOBUF}]`, 415)
      }
      try {
        const bytes = await readBody(c.req.raw, { limitBytes: maxBytes, maxInflatedBytes: maxBytes })
        if (type === PROTOBUF) await accept(signal, decodeRequest(signal, bytes), bytes)
        else await accept(signal, requestFromJson(signal, JSON.parse(new TextDecoder().decode(bytes))))
      } catch (error) {
        return answerError(c, type, error)
      }
      return type === PROTOBUF
        ? c.body(new Uint8Array(0), 200, { 'content-type': PROTOBUF })
        : c.json({ partialSuccess: {} })
    })
  }
  return app
}

/** google.rpc.Code by HTTP status, and which errors are the sender's. */
function answerError(c: Context, type: string, error: unknown): Response {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof HttpRefusal) return answerStatus(c, type, error.status, 3, message)
  if (error instanceof OtlpDecodeError || error instanceof OtlpJsonError || error instanceof SyntaxError) {
    return answerStatus(c, type, 400, 3, message)
  }
  if (error instanceof Refusal) {
    return error.permanent ? answerStatus(c, type, 400, 3, message) : answerStatus(c, type, 503, 14, message)
  }
  return answerStatus(c, type, 500, 13, message)
}

function answerStatus(c: Context, type: string, httpStatus: number, code: number, message: string): Response {
  const headers: Record<string, string> = httpStatus === 503 ? { 'retry-after': '1' } : {}
  if (type === JSON_TYPE) return c.json({ code, message }, httpStatus as 400, headers)
  // google.rpc.Status: code 1, message 2
  const writer = new Writer()
  writer.uint32(1, code)
  writer.string(2, message)
  return c.body(writer.finish() as Uint8Array<ArrayBuffer>, httpStatus as 400, { ...headers, 'content-type': PROTOBUF })
}
