import { setMaxListeners } from 'node:events'
import { type Agent, type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http'

export interface HttpAnswer {
  status: number
  text: string
  /** The Date header, as sent. */
  date?: string
  /** The Content-Type header, as sent. */
  type?: string
}

export interface HttpOptions {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string | Uint8Array
  timeoutMs?: number
  signal?: AbortSignal
  /** A larger answer is cut off with code ETOOBIG. */
  maxBytes?: number
  /** Keeps connections between requests; without one each request takes its own. */
  agent?: Agent
}

const MAX_BYTES = 64 * 1024 * 1024

/**
 * One request, by node:http: loading fetch costs the CLI 30 ms, undici 70 ms.
 * Rejects with the socket's error, or with code ETIMEDOUT past `timeoutMs`, or ETOOBIG past `maxBytes`.
 */
export async function httpRequest(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body, timeoutMs = 5_000, signal, maxBytes = MAX_BYTES, agent } = options
  // Only backends in the cloud need TLS, and it takes its time to load.
  const request = url.startsWith('https:') ? (await import('node:https')).request : requestPlain
  // One Ctrl-C ends as many requests as are under way; Node takes more than ten listeners for a leak.
  if (signal) setMaxListeners(0, signal)
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      call.destroy(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }))
    }, timeoutMs)
    const fail = (error: Error) => {
      clearTimeout(late)
      reject(error)
    }
    const asked: RequestOptions = {
      method,
      headers: agent ? headers : { connection: 'close', ...headers },
      agent: agent ?? false,
      ...(signal ? { signal } : {}),
    }
    const call = request(url, asked, (answer: IncomingMessage) => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        chunks.push(chunk)
        if (bytes <= maxBytes) return
        call.destroy(Object.assign(new Error(`the answer is larger than ${maxBytes} bytes`), { code: 'ETOOBIG' }))
      })
      answer.on('error', fail)
      answer.on('end', () => {
        clearTimeout(late)
        const { date, 'content-type': type } = answer.headers
        resolve({
          status: answer.statusCode ?? 0,
          text: Buffer.concat(chunks).toString('utf8'),
          ...(date ? { date } : {}),
          ...(type ? { type } : {}),
        })
      })
    })
    call.on('error', fail)
    call.end(body)
  })
}
