import type { Context, Hono } from 'hono'
import { requestFromJsonBytes } from '../../../otlp/json.ts'
import { Writer } from '../../../otlp/protobuf/writer.ts'
import { decodeRequest } from '../../../otlp/protobuf.ts'
import type { Inflate } from '../../compression.ts'
import { type BodyLimits, HttpRefusal, inflateBody, readBody } from '../../http.ts'
import type { Limits } from '../config/limits.ts'
import type { Ingest } from '../ingest/ingest.ts'
import type { LabelNamer } from '../ingest/label-name.ts'
import { otlpToStreams } from '../ingest/otlp.ts'
import { pushFromJson, pushFromProtobuf, withServiceName } from '../ingest/push-request.ts'
import { createTurns } from './turns.ts'

export interface PushParts {
  ingest: Ingest
  name: LabelNamer
  limits: Limits
  maxBodyBytes: number
  maxInflatedBytes: number
  inflate: Inflate
  now: () => number
}

/** Bodies are inflated and taken apart a few at a time: a crowd of large ones would fill the memory. */
const BODIES_AT_ONCE = 4

/** /loki/api/v1/push and /otlp/v1/logs. Both answer 204 without a body. */
export function addPushRoutes(app: Hono, parts: PushParts): void {
  const { ingest, name, limits, now } = parts
  const { maxBodyBytes: limitBytes, maxInflatedBytes, inflate } = parts
  const body: BodyLimits = { limitBytes, maxInflatedBytes, inflate }
  const turns = createTurns(BODIES_AT_ONCE)
  const type = (c: Context) => (c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase()

  for (const path of ['/loki/api/v1/push', '/api/prom/push']) {
    app.post(path, async (c) => {
      const raw = await readBody(c.req.raw, { ...body, asIs: ['gzip', 'deflate', 'snappy'] }).catch(tooLarge)
      const streams = await turns(async () => {
        const bytes = await inflateBody(raw, c.req.raw, { ...body, asIs: ['snappy'] }).catch(tooLarge)
        return asBadRequest(() => {
          // Whatever is not JSON is snappy and protobuf, with or without the headers that say so.
          const pushed =
            type(c) === 'application/json' ? pushFromJson(bytes) : pushFromProtobuf(bytes, body.maxInflatedBytes)
          return pushed.map((stream) => withServiceName(stream, limits.discoverServiceName))
        })
      })
      await ingest.push(streams)
      return c.body(null, 204)
    })
  }

  app.post('/otlp/v1/logs', async (c) => {
    try {
      const raw = await readBody(c.req.raw, { ...body, asIs: ['gzip', 'deflate'] }).catch(tooLarge)
      const streams = await turns(async () => {
        const bytes = await inflateBody(raw, c.req.raw, body).catch(tooLarge)
        return asBadRequest(() => {
          const data =
            type(c) === 'application/json'
              ? requestFromJsonBytes('logs', bytes)
              : type(c) === 'application/x-protobuf'
                ? decodeRequest('logs', bytes)
                : unsupported(c.req.header('content-type') ?? '')
          const settings = { config: limits.otlp, discoverServiceName: limits.discoverServiceName }
          return otlpToStreams(data, settings, name, () => BigInt(now()) * 1_000_000n)
        })
      })
      await ingest.push(streams)
      return c.body(null, 204)
    } catch (error) {
      return otlpRefusal(error)
    }
  })
}

function unsupported(contentType: string): never {
  throw new Error(`content type: ${contentType} is not supported`)
}

function asBadRequest<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof HttpRefusal) throw error
    throw new HttpRefusal(400, (error as Error).message)
  }
}

function tooLarge(error: unknown): never {
  if (!(error instanceof HttpRefusal)) throw error
  if (error.status === 413) throw new HttpRefusal(413, `request body too large: ${error.message}`)
  // Loki answers 400 to an encoding that it does not know.
  throw error.status === 415
    ? new HttpRefusal(400, `${error.message}: the embedded Loki takes gzip and deflate`)
    : error
}

/** A google.rpc.Status without a code, as OTLP wants it; 500 becomes 503, which senders try again. */
function otlpRefusal(error: unknown): Response {
  const status = error instanceof HttpRefusal ? error.status : 500
  const writer = new Writer()
  writer.string(2, (error as Error).message)
  return new Response(new Uint8Array(writer.finish()), {
    status: status === 500 ? 503 : status,
    headers: { 'content-type': 'application/octet-stream' },
  })
}
