import { request } from 'node:http'

export interface Ask {
  url: string
  method?: string
  headers?: Record<string, string>
  body?: string | Uint8Array
}

export interface Attack {
  name: string
  /** Sent first; one with `until` again and again until its answer matches. */
  before?: (Ask & { until?: RegExp })[]
  request: Ask
  /** The statuses that are right. */
  expect: number[]
}

/** fetch says the true Host whatever it is told; a page that was rebound to loopback says its own. */
function askAs(
  host: string,
  { url, method = 'GET', headers, body }: Ask,
): Promise<{ status: number; message: string }> {
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: 0, message: error.message })
    const outgoing = request(url, { method, headers: { ...headers, host } }, (incoming) => {
      let message = ''
      incoming.on('data', (part) => (message += part))
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, message }))
      incoming.on('error', failed)
    })
    outgoing.on('error', failed)
    outgoing.end(body)
  })
}

/** Status 0 and the reason when there was no answer at all. */
export async function ask(asked: Ask): Promise<{ status: number; message: string }> {
  const { url, method, headers, body } = asked
  if (headers?.host !== undefined) return askAs(headers.host, asked)
  try {
    const answer = await fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      signal: AbortSignal.timeout(120_000),
    })
    return { status: answer.status, message: (await answer.text()).replace(/[^\x20-\x7e\n]/g, '') }
  } catch (error) {
    const { message, cause } = error as Error
    return { status: 0, message: `${message} ${cause ?? ''}` }
  }
}

/** Throws Error when what an attack is to be tried on does not come to be. */
export async function prepare({ name, before = [] }: Attack): Promise<void> {
  for (const { until, ...request } of before) {
    const deadline = Date.now() + 30_000
    let last = await ask(request)
    while (until !== undefined && !until.test(last.message)) {
      if (Date.now() > deadline) throw new Error(`${name} cannot be prepared: ${last.status} ${last.message}`)
      await new Promise((done) => setTimeout(done, 200))
      last = await ask(request)
    }
  }
}
