import type { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { PageParts } from './parts.ts'

const POLL_MS = 700
/** An open page of the night before: proxies drop what is silent. */
export const PING_MS = 15_000

/** Tells open pages what changed: runs that began or ended, exercises that were judged. One look serves all pages. */
export function addLiveRoutes(app: Hono, parts: PageParts): void {
  const listeners = new Set<(event: string, data: string) => void>()
  const last = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const [runs, exercises] = await Promise.all([parts.runs(), parts.exercises()].map((one) => one.catch(() => [])))
    for (const [event, value] of Object.entries({ runs, exercises })) {
      const data = JSON.stringify(value)
      if (last.get(event) === data) continue
      last.set(event, data)
      for (const tell of listeners) tell(event, data)
    }
  }
  const schedule = () => {
    timer = setTimeout(async () => {
      await look()
      if (listeners.size > 0) schedule()
      else timer = undefined
    }, POLL_MS)
    timer.unref()
  }

  app.get('/api/live', (c) =>
    streamSSE(c, async (stream) => {
      const tell = (event: string, data: string) => void stream.writeSSE({ event, data }).catch(() => {})
      for (const [event, data] of last) tell(event, data)
      listeners.add(tell)
      stream.onAbort(() => void listeners.delete(tell))
      if (timer === undefined) schedule()
      while (!stream.aborted) {
        await stream.sleep(PING_MS)
        await stream.writeSSE({ event: 'ping', data: String(parts.now()) })
      }
      listeners.delete(tell)
    }),
  )
}
