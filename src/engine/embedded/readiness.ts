import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoints, ServiceName } from '../../engine.ts'
import { LabError } from '../../errors.ts'
import { httpRequest } from '../../util/http.ts'

const POLL_MS = 20

/** The page by which each service says itself ready. */
const READY_PATHS = { tempo: '/ready', prometheus: '/-/ready', loki: '/ready' } as const

/** Waits until each service answers its own ready page. Throws LabError `not-ready` after `timeoutMs`. */
export async function waitUntilReady(
  endpoints: Partial<Endpoints>,
  options: { onReady: (service: ServiceName) => void; timeoutMs?: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? 20_000)
  const pages: [ServiceName, string][] = []
  for (const [name, path] of Object.entries(READY_PATHS) as [keyof typeof READY_PATHS, string][]) {
    const endpoint = endpoints[name]
    if (endpoint) pages.push([name, endpoint.url + path])
  }
  // The collector's health page exists only while its config asks for it.
  if (endpoints.collectorHealth) pages.push(['otel-collector', `${endpoints.collectorHealth.url}/`])
  await Promise.all(
    pages.map(async ([name, url]) => {
      let last = ''
      while (true) {
        options.signal?.throwIfAborted()
        const answer = await httpRequest(url, { timeoutMs: 2_000 }).catch((error: Error) => {
          last = error.message
        })
        if (answer?.status === 200) return options.onReady(name)
        if (answer) last = `${answer.status} ${answer.text.trim()}`
        if (Date.now() > deadline) {
          throw new LabError('not-ready', `${name} is not ready: ${url} says: ${last}`, {
            hint: `otel-lab logs ${name} --tail 20`,
          })
        }
        await sleep(POLL_MS)
      }
    }),
  )
}
