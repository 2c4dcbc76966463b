import type { Dispatcher } from 'undici'
import type { HttpAnswer, HttpOptions } from '../util/http.ts'

export type RemoteRequest = (url: string, options: Omit<HttpOptions, 'agent'>) => Promise<HttpAnswer>

/**
 * Requests to a backend on another machine, by undici: TLS, kept connections, and the proxy that HTTP_PROXY,
 * HTTPS_PROXY and NO_PROXY name, which node:http does not know. Rejects with the codes of `httpRequest`.
 */
export async function openRemote(): Promise<RemoteRequest> {
  const { EnvHttpProxyAgent, request } = await import('undici')
  // An idle connection must not keep the command alive longer than it takes to print.
  const dispatcher: Dispatcher = new EnvHttpProxyAgent({ connections: 8, keepAliveTimeout: 1_000 })
  return async (url, { method = 'GET', headers = {}, body, timeoutMs = 5_000, signal, maxBytes = 64 << 20 }) => {
    const late = AbortSignal.timeout(timeoutMs)
    try {
      const answer = await request(url, {
        dispatcher,
        method,
        headers,
        signal: signal ? AbortSignal.any([signal, late]) : late,
        ...(body === undefined ? {} : { body }),
      })
      const { date, 'content-type': type } = answer.headers
      return {
        status: answer.statusCode,
        text: await readText(answer.body, maxBytes),
        ...(typeof date === 'string' ? { date } : {}),
        ...(typeof type === 'string' ? { type } : {}),
      }
    } catch (error) {
      if (late.aborted) throw Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' })
      throw error
    }
  }
}

async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    // Leaving the loop ends the connection.
    if (bytes > maxBytes)
      throw Object.assign(new Error(`the answer is larger than ${maxBytes} bytes`), { code: 'ETOOBIG' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
