import type { Delivery } from '../../delivery.ts'
import type { Added } from './accumulator.ts'

/** Where each request has other series, older requests than this many are no longer kept for after a crash. */
const MAX_SHOWN = 10_000

interface Request {
  delivery: Delivery
  series: ReadonlySet<string>
  /** Of them, those that no later request has a point of. */
  current: number
  summed: boolean
  atMs: number
}

/** What the page is made of: the requests to give it again after a crash, whoever has looked at it meanwhile. */
export interface Shown {
  add(delivery: Delivery, added: Added, atMs: number): void
  /** Lets go of what came before `atMs`. */
  expire(atMs: number): void
}

/** Holds a delivery as long as the page is at one of its points, or at a sum that one of them is part of. */
export function createShown(): Shown {
  const requests = new Set<Request>()
  const latest = new Map<string, Request>()

  const letGo = (request: Request) => {
    if (!requests.delete(request)) return
    for (const one of request.series) if (latest.get(one) === request) latest.delete(one)
    request.delivery.release()
  }

  return {
    add(delivery, { series, summed }, atMs) {
      const request: Request = { delivery, series, current: series.size, summed, atMs }
      requests.add(request)
      for (const one of series) {
        const before = latest.get(one)
        latest.set(one, request)
        if (before && --before.current === 0 && !before.summed) letGo(before)
      }
      if (request.current === 0) letGo(request)
      if (requests.size > MAX_SHOWN) letGo(requests.values().next().value!)
    },
    expire(atMs) {
      for (const request of requests) {
        // In the order in which they came.
        if (request.atMs >= atMs) return
        letGo(request)
      }
    },
  }
}
