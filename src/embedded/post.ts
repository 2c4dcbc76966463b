import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import type { ConnectionOptions } from 'node:tls'
import type { Network } from './network.ts'
import { tlsWords } from './tls-words.ts'

export interface Answer {
  status: number
  contentType: string
  retryAfter: string | undefined
  body: Uint8Array
}

export interface Poster {
  /** Throws Error, worded as Go's client, when no answer came. */
  post(url: string, headers: Record<string, string>, body: Uint8Array, signal: AbortSignal): Promise<Answer>
  close(): void
}

/** The real one reads no more of an answer either. */
const MAX_ANSWER_BYTES = 64 * 1024

/**
 * POSTs over connections that are kept. Node's own client: what it costs to load undici would count against
 * the lab's start, and the lab's names need no resolver of its own.
 */
export function createPoster(
  network: Network,
  /** Who asks for names. */
  service: string,
  tls: ConnectionOptions = {},
): Poster {
  const agents = {
    'http:': new Agent({ keepAlive: true }),
    'https:': new SecureAgent({ keepAlive: true, ...tls }),
  }
  return {
    post(url, headers, body, signal) {
      const failed = (why: string) => new Error(`Post ${JSON.stringify(url)}: ${why}`)
      if (!URL.canParse(url)) return Promise.reject(failed('unsupported protocol scheme ""'))
      const { protocol, hostname, port, pathname, search, host } = new URL(url)
      if (protocol !== 'http:' && protocol !== 'https:') {
        return Promise.reject(failed(`unsupported protocol scheme ${JSON.stringify(protocol.slice(0, -1))}`))
      }
      const address = network.resolve(service, hostname, Number(port) || (protocol === 'https:' ? 443 : 80))
      if (address === undefined) return Promise.reject(failed(`dial tcp ${host}: connect: connection refused`))
      return new Promise((resolve, reject) => {
        const outgoing = (protocol === 'https:' ? secureRequest : request)({
          host: address.host,
          port: address.port,
          path: pathname + search,
          method: 'POST',
          agent: agents[protocol],
          signal,
          headers: { host, 'content-length': body.length, ...headers },
        })
        outgoing.on('error', (error: NodeJS.ErrnoException) => reject(failed(words(error, host, hostname))))
        outgoing.on('response', (incoming) => {
          const chunks: Buffer[] = []
          let size = 0
          incoming.on('data', (chunk: Buffer) => {
            if (size < MAX_ANSWER_BYTES) chunks.push(chunk)
            size += chunk.length
          })
          incoming.on('error', (error: Error) => reject(failed(error.message)))
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              contentType: (incoming.headers['content-type'] ?? '').split(';')[0]!.trim(),
              retryAfter: incoming.headers['retry-after'],
              body: Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES),
            }),
          )
        })
        outgoing.end(body)
      })
    },
    close() {
      agents['http:'].destroy()
      agents['https:'].destroy()
    },
  }
}

function words(error: NodeJS.ErrnoException, host: string, name: string): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'context deadline exceeded'
  if (error.code === 'ECONNREFUSED') return `dial tcp ${host}: connect: connection refused`
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return `dial tcp: lookup ${name}: no such host`
  if (error.code === 'ECONNRESET') return 'EOF'
  return tlsWords(error) ?? error.message
}
