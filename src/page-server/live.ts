import { upgradeWebSocket } from '@hono/node-server'
import type { Hono } from 'hono'
import type { PageParts } from './parts.ts'
import { type Teller, tellerOf } from './teller.ts'

const POLL_MS = 700

/** Tells open pages what changed: runs that began or ended, exercises that were judged. One look serves all pages. */
export function addLiveRoutes(app: Hono, parts: PageParts): void {
  const listeners = new Set<Teller>()
  const last = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined

  async function look(): Promise<void> {
    const [runs, exercises] = await Promise.all(
      [parts.runs(), parts.exercises()].map((one) => one.catch(() => undefined)),
    )
    for (const [event, value] of Object.entries({ runs, exercises })) {
      // What cannot be read just now is what it was.
      if (value === undefined && last.has(event)) continue
      const data = JSON.stringify(value ?? [])
      if (last.get(event) === data) continue
      last.set(event, data)
      for (const { tell } of listeners) tell(event, data)
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

  app.get(
    '/api/live',
    upgradeWebSocket(() => {
      let teller: Teller | undefined
      let gone = false
      return {
        async onOpen(_, socket) {
          // While nobody looked the world went on.
          if (timer === undefined) await look()
          if (gone) return
          teller = tellerOf(socket, parts.now)
          for (const [event, data] of last) teller.tell(event, data)
          listeners.add(teller)
          if (timer === undefined) schedule()
        },
        onClose() {
          gone = true
          if (teller) listeners.delete(teller)
          teller?.end()
        },
      }
    }),
  )
}
