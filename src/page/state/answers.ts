import { useEffect, useReducer, useRef } from 'preact/hooks'
import type { Fault } from '../../page-server/answers.ts'

/** What is known of a question now. While it is asked again, the old answer stays. */
export interface Asked<T> {
  data?: T
  fault?: Fault
  loading: boolean
}

/** A failed answer. */
export class FaultError extends Error {
  readonly fault: Fault
  readonly status: number
  constructor(fault: Fault, status: number) {
    super(fault.message)
    this.fault = fault
    this.status = status
  }
}

/** What a lab that is just being restarted could not answer is asked for again. */
const [AGAIN_MS, RETRY_MS] = [250, 3_000]
/** So many answers are remembered; the page may stay open for a night. */
const KEPT = 60
const known = new Map<string, unknown>()
const asking = new Map<string, Promise<unknown>>()

export async function fetchAnswer<T>(url: string): Promise<T> {
  const get = () => fetch(url, { headers: { accept: 'application/json' } })
  // A browser breaks off what it asks when a network comes or goes, such as one of Docker's: once is no fault.
  const again = () => new Promise((later) => setTimeout(later, AGAIN_MS)).then(get)
  const answer = await get()
    .catch(again)
    .catch(() => {
      throw new FaultError({ message: 'the lab does not answer', hint: 'otel-lab up' }, 0)
    })
  const body = (await answer.json().catch(() => ({ error: { message: `${answer.status} ${answer.statusText}` } }))) as T
  if (!answer.ok) throw new FaultError((body as { error: Fault }).error, answer.status)
  return body
}

/** Asks, and remembers; a question that is just being asked is not asked twice. */
export function ask<T>(url: string): Promise<T> {
  const open = asking.get(url) as Promise<T> | undefined
  if (open) return open
  const promise = fetchAnswer<T>(url)
    .then((data) => {
      known.delete(url)
      known.set(url, data)
      for (const old of known.keys()) {
        if (known.size <= KEPT) break
        known.delete(old)
      }
      return data
    })
    .finally(() => asking.delete(url))
  asking.set(url, promise)
  return promise
}

export const remembered = <T>(url: string): T | undefined => known.get(url) as T | undefined

/** So that the next click finds its answer there. */
export function prefetch(url: string): void {
  if (!known.has(url) && !asking.has(url)) ask(url).catch(() => {})
}

/**
 * The answer to a question, at once where it is remembered; undefined asks nothing. With `everyMs` it is asked again
 * and again while the page is visible; so it is without until there is an answer, unless the question itself is wrong.
 * While `keep` is the same, the answer to the question before stays until the new one comes.
 */
export function useAnswer<T>(url: string | undefined, everyMs?: number, keep?: string): Asked<T> {
  const [, redraw] = useReducer((count: number) => count + 1, 0)
  const state = useRef<Asked<T> & { url?: string | undefined; keep?: string | undefined }>({ loading: false })
  if (state.current.url !== url) {
    const found = url === undefined ? undefined : remembered<T>(url)
    const isNext = keep !== undefined && keep === state.current.keep
    const data = found ?? (isNext ? state.current.data : undefined)
    // A range that moves on is not asked for again: a night has thousands.
    if (isNext && everyMs !== undefined && state.current.url !== undefined) known.delete(state.current.url)
    const loading = url !== undefined && found === undefined
    state.current = { url, keep, loading, ...(data === undefined ? {} : { data }) }
  }
  useEffect(() => {
    if (url === undefined) return
    let gone = false
    let timer: ReturnType<typeof setTimeout> | undefined
    let isWrong = false
    const look = async () => {
      if (document.visibilityState === 'visible' || state.current.loading) {
        const before = JSON.stringify(state.current.fault)
        const old = state.current.data
        const next: typeof state.current = { url, keep, loading: false }
        isWrong = false
        try {
          next.data = await ask<T>(url)
        } catch (error) {
          if (!(error instanceof FaultError)) throw error
          next.fault = error.fault
          isWrong = error.status === 400
        }
        if (gone) return
        const same = old !== undefined && next.data !== undefined && JSON.stringify(old) === JSON.stringify(next.data)
        // What is drawn by it is not drawn anew.
        if (same) next.data = old
        if (!same || state.current.loading || before !== JSON.stringify(next.fault)) {
          state.current = next
          redraw(undefined as never)
        }
      }
      const again = everyMs ?? (state.current.fault && !isWrong ? RETRY_MS : undefined)
      if (again !== undefined) timer = setTimeout(look, again)
    }
    if (state.current.loading || everyMs !== undefined) void look()
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [url, everyMs])
  return state.current
}

export function urlOf(path: string, params: Record<string, string | number | undefined>): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(params)) if (value !== undefined) search.set(key, String(value))
  return `${path}?${search}`
}
