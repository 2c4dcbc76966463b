import { setImmediate } from 'node:timers/promises'
import { HttpRefusal } from '../../http.ts'

/** A query may hold the process for so long before others get their turn: what comes in, other queries, health checks. */
const SLICE_MS = 15

/** To be called between traces, and awaited when it gives something to wait for. Throws HttpRefusal when time is up. */
export type Pace = () => Promise<void> | undefined

export function pace(timeoutMs: number): Pace {
  const deadline = performance.now() + timeoutMs
  let until = performance.now() + SLICE_MS
  return () => {
    const now = performance.now()
    if (now > deadline) {
      const seconds = Math.round(timeoutMs / 1000)
      throw new HttpRefusal(503, `context deadline exceeded: the query took longer than ${seconds}s, narrow it down`)
    }
    if (now < until) return undefined
    return setImmediate().then(() => {
      until = performance.now() + SLICE_MS
    })
  }
}
