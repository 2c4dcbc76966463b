import type { IncomingMessage } from 'node:http'
import { type Context, Hono } from 'hono'
import { OtlpJsonError, requestFromJsonBytes } from '../../../otlp/json.ts'
import { decodeToPassOn, OtlpDecodeError } from '../../../otlp/protobuf.ts'
import type { Signal } from '../../../otlp/types.ts'
import { HTTP_ENCODINGS, type Inflate } from '../../compression.ts'
import type { Peer } from '../../grpc/server.ts'
import { encodeStatus } from '../../grpc/status.ts'
import { HttpRefusal, readBody } from '../../http.ts'
import { type Accept, ConsumerError, type Metadata } from '../component.ts'
import type { Authenticator } from '../extensions/authenticator.ts'
import { answerCors } from './cors.ts'

const PROTOBUF = 'application/x-protobuf'
const JSON_TYPE = 'application/json'

/** confighttp's default for max_request_body_size. */
const MAX_BYTES = 20 * 1024 * 1024

const MAX_DRAIN_BYTES = 64 * 1024 * 1024

/** Export…ServiceResponse with an empty partial_success. */
const EMPTY_SUCCESS = new Uint8Array([0x0a, 0x00])

/** As an Accept, told who sent it. */
export type AcceptFrom = (peer: Peer | undefined, ...request: Parameters<Accept>) => ReturnType<Accept>

export interface OtlpHttpOptions {
  // biome-ignore lint/suspicious/noExplicitAny: the receiver's schema has checked it
  http: any
  signals: readonly Signal[]
  accept: AcceptFrom
  inflate: Inflate
  /** The gRPC code of a refusal. */
  statusOf(error: ConsumerError): number
  descriptionOf(error: ConsumerError): string
  auth(): Authenticator | undefined
}

/** OTLP/HTTP as the collector's receiver answers it: a google.rpc.Status in the request's own encoding on errors. */
export function otlpHttpApp(options: OtlpHttpOptions): Hono {
  const { http, signals, accept } = options
  const app = new Hono()
  app.use(answerCors(http.cors))
  const maxBytes = http.max_request_body_size > 0 ? http.max_request_body_size : MAX_BYTES
  const body = {
    limitBytes: maxBytes,
    maxInflatedBytes: maxBytes,
    inflate: options.inflate,
    encodings: http.compression_algorithms ?? HTTP_ENCODINGS,
    // A list that is empty turns it off.
    ...(http.compression_algorithms?.length === 0 ? { encodings: HTTP_ENCODINGS, asIs: HTTP_ENCODINGS } : {}),
  }
  for (const signal of signals) {
    app.all(http[`${signal}_url_path`], async (c) => {
      const type = (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
      const unauthorized = options.auth()?.fault((name) => c.req.header(name))
      if (unauthorized !== undefined) {
        await drain(c.req.raw)
        return type === PROTOBUF || type === JSON_TYPE
          ? answerStatus(c, type, 401, 16, unauthorized)
          : plain(c, 401, unauthorized)
      }
      if (c.req.method !== 'POST') {
        return plain(c, 405, '405 method not allowed, supported: [POST]')
      }
      if (type !== PROTOBUF && type !== JSON_TYPE) {
        return plain(c, 415, `415 unsupported media type, supported: [${JSON_TYPE}, ${PROTOBUF}]`)
      }
      try {
        const bytes = await readBody(c.req.raw, body)
        const metadata = http.include_metadata ? metadataOf(c.req.raw.headers) : undefined
        if (type === PROTOBUF) await accept(peerOf(c), signal, decodeToPassOn(signal, bytes), bytes, metadata)
        else {
          const data = requestFromJsonBytes(signal, bytes)
          await accept(peerOf(c), signal, data, undefined, metadata)
        }
      } catch (error) {
        await drain(c.req.raw)
        return answerError(c, type, error, options)
      }
      return type === PROTOBUF
        ? c.body(EMPTY_SUCCESS, 200, { 'content-type': PROTOBUF })
        : c.json({ partialSuccess: {} })
    })
  }
  app.notFound((c) => plain(c, 404, '404 page not found\n'))
  return app
}

function peerOf(c: Context): Peer | undefined {
  const socket = (c.env as { incoming?: IncomingMessage } | undefined)?.incoming?.socket
  const { remoteAddress = '', remotePort, localPort = 0 } = socket ?? {}
  if (socket === undefined || remotePort === undefined) return undefined
  return { address: remoteAddress, port: remotePort, localPort, connection: socket }
}

function plain(c: Context, status: number, text: string): Response {
  return c.body(text, status as 400, { 'content-type': 'text/plain' })
}

/** Takes in what is left of a refused body, up to a bound: a sender that is cut off in the middle sees no answer. */
async function drain({ body, bodyUsed }: Request): Promise<void> {
  if (body === null || bodyUsed || body.locked) return
  let left = MAX_DRAIN_BYTES
  try {
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      left -= chunk.length
      if (left < 0) return
    }
  } catch {
    // It hung up first.
  }
}

function metadataOf(headers: Headers): Metadata {
  return Object.fromEntries([...headers].map(([key, value]) => [key, [value]]))
}

/** HTTP's status for a gRPC code, as the receiver's errors.go maps them; 500 for the others. */
const HTTP_STATUS: Record<number, number> = {
  1: 503,
  3: 400,
  4: 503,
  7: 403,
  8: 429,
  10: 503,
  11: 503,
  12: 404,
  14: 503,
  15: 503,
  16: 401,
}

function answerError(c: Context, type: string, error: unknown, options: OtlpHttpOptions): Response {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof HttpRefusal) {
    // The real receiver answers 400 to whatever it cannot read.
    if (error.status === 413) return answerStatus(c, type, 400, 3, 'http: request body too large')
    return answerStatus(c, type, 400, 3, message)
  }
  if (error instanceof OtlpDecodeError || error instanceof OtlpJsonError || error instanceof SyntaxError) {
    return answerStatus(c, type, 400, 3, message)
  }
  if (!(error instanceof ConsumerError)) return answerStatus(c, type, 500, 13, message)
  const code = options.statusOf(error)
  return answerStatus(c, type, HTTP_STATUS[code] ?? 500, code, options.descriptionOf(error))
}

function answerStatus(c: Context, type: string, httpStatus: number, code: number, message: string): Response {
  const headers: Record<string, string> = httpStatus === 503 ? { 'retry-after': '1' } : {}
  if (type === JSON_TYPE) return c.json({ code, message }, httpStatus as 400, headers)
  return c.body(encodeStatus(code, message), httpStatus as 400, { ...headers, 'content-type': PROTOBUF })
}
