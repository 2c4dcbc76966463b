import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Fault, LogsAnswer } from '../../page-server/answers.ts'
import { FaultError, fetchAnswer, urlOf, useAnswer } from '../state/answers.ts'
import { listen } from '../state/stream.ts'
import type { Range } from '../time/scale.ts'
import { indexOfLine, type ShownLine } from './line.ts'
import { addFresh, afterTail, liveRoom, MOST_LINES, shownOf } from './merge.ts'
import { useAround } from './use-around.ts'

const FIRST = 1000
const PAGE = 5000
/** Live lines are gathered for so long, so that a flood redraws a few times a second. */
const GATHER_MS = 200
/** A page ends behind where it must: the last moment's other lines, and what a double cannot tell apart. */
const OVERLAP_MS = 0.001

export interface Lines {
  lines: readonly ShownLine[]
  fault: Fault | undefined
  loading: boolean
  /** There are older ones, and room for them. */
  more: boolean
  /** Only those around the wanted line are there: it is older than the first thousand. */
  around: boolean
  /** Fetches older ones, page by page, until there are no more or there is no room. */
  loadMore(): Promise<void>
  advice: string | undefined
}

interface Asked {
  query: string
  window: Range
  everyMs: number | undefined
  live: boolean
  /** A line that must be among them. */
  wanted: string | undefined
  /** Why there are none is asked for too. */
  advice: boolean
}

/** The lines of a query: the newest first thousand, then as many as are asked for, then what comes. */
export function useLines(asked: Asked): Lines {
  const { query, window, everyMs, live, wanted } = asked
  // What a tail adds to must not move on below it.
  const began = useRef({ query, window })
  if (!live || began.current.query !== query) began.current = { query, window }
  const answer = useAnswer<LogsAnswer>(
    urlOf('/api/logs', { query, ...began.current.window, limit: FIRST, advice: asked.advice ? 1 : undefined }),
    live ? undefined : everyMs,
    query,
  )
  const base = useMemo(() => shownOf(answer.data), [answer.data])
  const [extra, setExtra] = useState<{ query: string; older: ShownLine[]; newer: ShownLine[]; end: boolean }>(NOTHING)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<Fault>()
  const latest = useRef({ query, base, extra })
  latest.current = { query, base, extra }
  const mine = extra.query === query ? extra : NOTHING

  useEffect(() => {
    setFault(undefined)
    if (!live) return
    let waiting: ShownLine[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let since: string | undefined
    const flush = () => {
      timer = undefined
      const fresh = waiting
      waiting = []
      setExtra((old) => {
        const kept = old.query === query ? old : { ...NOTHING, query }
        const first = latest.current.base
        const newer = addFresh(first, kept.newer, fresh)
        return { ...kept, newer: newer.slice(-liveRoom(kept.older.length + first.length)) }
      })
    }
    const stop = listen(
      () => urlOf('/api/tail', { query, since }),
      (event, data) => {
        if (event === 'fault') return setFault(data as Fault)
        setFault(undefined)
        const fresh = shownOf(data as LogsAnswer)
        since = fresh.at(-1)?.line.ns ?? since
        waiting.push(...fresh)
        timer ??= setTimeout(flush, GATHER_MS)
      },
    )
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [query, live])

  const all = useMemo(() => {
    if (mine.older.length === 0 && mine.newer.length === 0) return base
    // What came live pushes out the oldest, so that nothing is missing in between.
    const room = mine.newer.length > 0 ? liveRoom(mine.older.length + base.length) : MOST_LINES
    const lines = [...mine.older, ...(live ? [...base, ...mine.newer] : afterTail(base, mine.newer))]
    return lines.length > room ? lines.slice(-room) : lines
  }, [base, mine, live])
  const isMissing = !live && answer.data?.more === true && indexOfLine(all, wanted) === -1
  const around = useAround({ query, window, wanted: isMissing ? wanted : undefined })

  async function loadMore(): Promise<void> {
    setBusy(true)
    try {
      for (let done = false; !done && latest.current.query === query; ) {
        const { base: first, extra: now } = latest.current
        const older = now.query === query ? now.older : []
        const before = (older[0] ?? first[0])?.line.time ?? window.end
        const known = new Set([...older.slice(0, PAGE), ...first.slice(0, FIRST)].map(({ key }) => key))
        const pageUntil = async (end: number) => {
          const page = await fetchAnswer<LogsAnswer>(
            urlOf('/api/logs', { query, start: window.start, end, limit: PAGE }),
          )
          return { more: page.more, fresh: shownOf(page).filter(({ key }) => !known.has(key)) }
        }
        let page = await pageUntil(before + OVERLAP_MS)
        // One moment may have more lines than a page.
        if (page.more && page.fresh.length === 0) page = await pageUntil(before)
        const { fresh } = page
        done = fresh.length === 0 || !page.more || older.length + fresh.length >= MOST_LINES
        setExtra((old) => {
          const kept = old.query === query ? old : { ...NOTHING, query }
          return { ...kept, older: [...fresh, ...kept.older].slice(-MOST_LINES), end: done }
        })
        // The next page begins where this one is drawn.
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))
      }
    } catch (error) {
      if (!(error instanceof FaultError)) throw error
      setFault(error.fault)
    } finally {
      setBusy(false)
    }
  }
  return {
    lines: around.lines ?? all,
    fault: answer.fault ?? fault,
    loading: answer.loading || busy || around.loading,
    more: answer.data?.more === true && !mine.end && all.length < MOST_LINES,
    around: around.lines !== undefined,
    loadMore,
    advice: answer.data?.advice,
  }
}

const NOTHING = { query: '', older: [] as ShownLine[], newer: [] as ShownLine[], end: false }

export { MOST_LINES } from './merge.ts'
