import type { Socket } from 'node:net'
import type { Context, Hono } from 'hono'
import { type HttpServer, type ServeOptions, serveHttp as serveOnLoopback } from '../util/serve-http.ts'
import { type Encoding, type Inflate, InflateError } from './compression.ts'
import { byFirstBytes } from './http-and-grpc.ts'

/** A request that is answered with a status and a sentence, rather than a stack trace. */
export class HttpRefusal extends Error {
  readonly status: 400 | 404 | 405 | 411 | 413 | 415 | 422 | 429 | 499 | 500 | 501 | 503 | 504
  constructor(status: HttpRefusal['status'], message: string) {
    super(message)
    this.name = 'HttpRefusal'
    this.status = status
  }
}

const TAKEN = 'See who holds it with: otel-lab doctor\nOr move the whole lab with: otel-lab up --port-offset 1000'

interface Options extends Omit<ServeOptions, 'hint' | 'front'> {
  /** Takes the connections that speak gRPC on the same port. */
  grpc?: { accept(socket: Socket): void; close(): Promise<void> }
}

/** A door of the lab, as `util/serve-http.ts` serves it, gRPC beside it where wanted. Throws LabError `port-taken`. */
export async function serveHttp(app: Hono, { grpc, ...rest }: Options): Promise<HttpServer> {
  const options = { ...rest, hint: TAKEN }
  if (grpc === undefined) return serveOnLoopback(app, options)
  const { port, close } = await serveOnLoopback(app, {
    ...options,
    front: (http) => byFirstBytes(http, grpc.accept),
  })
  return {
    port,
    async close() {
      const closed = close()
      void grpc.close()
      await closed
    },
  }
}

/** Answers HttpRefusals of `app`'s handlers as plain text, and anything else thrown as 500 with its message. */
export function answerRefusalsAsText(app: Hono): void {
  app.onError((error, c) => {
    if (error instanceof HttpRefusal) return c.text(error.message, error.status as 400)
    return c.text(error.message, 500)
  })
}

export interface BodyLimits {
  /** As sent, compressed or not. */
  limitBytes: number
  maxInflatedBytes: number
  inflate: Inflate
  /** What is undone; '' is a body as it is. Default: that, gzip and deflate. */
  encodings?: readonly (Encoding | '')[]
  /** Encodings that the caller undoes itself. */
  asIs?: readonly string[]
}

const USUAL = ['', 'gzip', 'deflate'] as const

/**
 * The whole body, with its `Content-Encoding` undone.
 * Throws HttpRefusal 413 past a limit, 415 on another encoding, 400 on damaged data.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  return inflateBody(await readRaw(request, limits.limitBytes), request, limits)
}

/** The second half of `readBody`, for who would rather not inflate many bodies at a time: see `asIs`. */
export async function inflateBody(raw: Uint8Array, request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const written = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  const encodings = limits.encodings ?? USUAL
  const encoding = written === 'identity' && encodings === USUAL ? '' : (written as Encoding | '')
  if (limits.asIs?.includes(encoding)) return raw
  if (!encodings.includes(encoding)) throw new HttpRefusal(415, `unsupported Content-Encoding: ${encoding}`)
  if (encoding === '') return raw
  try {
    return await limits.inflate(encoding, raw, limits.maxInflatedBytes)
  } catch (error) {
    if (!(error instanceof InflateError)) throw error
    throw new HttpRefusal(error.tooLarge ? 413 : 400, error.message)
  }
}

/** The body as it was sent. Throws HttpRefusal 413. */
export async function readRaw(request: Request, limitBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new HttpRefusal(413, `the body is larger than ${limitBytes} bytes`)
  const announced = request.headers.get('content-length')
  if (announced !== null) {
    if (Number(announced) > limitBytes) throw tooLarge()
    // Node's parser holds the sender to the length it announced, so this is bounded.
    return new Uint8Array(await request.arrayBuffer())
  }
  const chunks: Uint8Array[] = []
  let size = 0
  if (request.body === null) return new Uint8Array(0)
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limitBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks, size))
}

const MAX_FORM_BYTES = 10 << 20

/** The query's parameters and, for a POST form, the body's too; the body's values come first, as in Go's Request.Form. */
export async function formOrQuery(c: Context): Promise<URLSearchParams> {
  const query = new URL(c.req.url).searchParams
  const type = c.req.header('content-type') ?? ''
  if (c.req.method !== 'POST' || !type.startsWith('application/x-www-form-urlencoded')) return query
  // Nobody compresses a form, and Go's ParseForm would not notice.
  const form = new URLSearchParams(new TextDecoder().decode(await readRaw(c.req.raw, MAX_FORM_BYTES)))
  for (const [key, value] of query) form.append(key, value)
  return form
}
