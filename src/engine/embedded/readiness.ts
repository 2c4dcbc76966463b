import { setTimeout as sleep } from 'node:timers/promises'
import type { Endpoints, ServiceName } from '../../engine.ts'
import { LabError } from '../../errors.ts'
import { httpRequest } from '../../util/http.ts'
import { READY_PAGES } from '../ready-pages.ts'

const POLL_MS = 20

/** Waits until each service answers its own ready page. Throws LabError `not-ready` after `timeoutMs`. */
export async function waitUntilReady(
  endpoints: Partial<Endpoints>,
  options: { onReady: (service: ServiceName) => void; timeoutMs?: number; signal?: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? 20_000)
  const pages: [ServiceName, string][] = []
  const { collectorHealth, tempo, prometheus, loki } = endpoints
  for (const [name, endpoint] of Object.entries({ 'otel-collector': collectorHealth, tempo, prometheus, loki })) {
    if (endpoint) pages.push([name as ServiceName, endpoint.url + READY_PAGES[name as ServiceName].path])
  }
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
