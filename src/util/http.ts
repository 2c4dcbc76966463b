import { request } from 'node:http'

export interface HttpAnswer {
  status: number
  text: string
  /** The Date header, as sent. */
  date?: string
}

/**
 * One request to a server of this machine, by node:http: loading fetch costs the CLI 30 ms.
 * Rejects with the socket's error, or with code ETIMEDOUT past `timeoutMs`.
 */
export function httpRequest(
  url: string,
  options: {
    method?: 'GET' | 'POST'
    headers?: Record<string, string>
    body?: string
    timeoutMs?: number
    signal?: AbortSignal
  } = {},
): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body, timeoutMs = 5_000, signal } = options
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      call.destroy(Object.assign(new Error(`no answer from ${url} within ${timeoutMs} ms`), { code: 'ETIMEDOUT' }))
    }, timeoutMs)
    const fail = (error: Error) => {
      clearTimeout(late)
      reject(error)
    }
    const call = request(
      url,
      { method, headers: { connection: 'close', ...headers }, agent: false, signal },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', fail)
        answer.on('end', () => {
          clearTimeout(late)
          const { date } = answer.headers
          resolve({
            status: answer.statusCode ?? 0,
            text: Buffer.concat(chunks).toString('utf8'),
            ...(date ? { date } : {}),
          })
        })
      },
    )
    call.on('error', fail)
    call.end(body)
  })
}
