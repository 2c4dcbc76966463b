import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Fault, Labels, LogsAnswer } from '../../page-server/answers.ts'
import { FaultError, fetchAnswer, urlOf, useAnswer } from '../state/answers.ts'
import type { Range } from '../time/scale.ts'
import { type ShownLine, showLine } from './line.ts'

/** What a band holds at most: the newest stay. */
export const MOST_LINES = 100_000
/** A live tail that is left running holds so many, or as many as there were when it began. */
const LIVE_LINES = 5_000
const FIRST = 1000
const PAGE = 5000
/** Live lines are gathered for so long, so that a flood redraws a few times a second. */
const GATHER_MS = 200

export interface Lines {
  lines: readonly ShownLine[]
  fault: Fault | undefined
  loading: boolean
  /** There are older ones, and room for them. */
  more: boolean
  /** Fetches older ones, page by page, until there are no more or there is no room. */
  loadMore(): Promise<void>
  advice: string | undefined
}

/** The lines of a query: the newest first thousand, then as many as are asked for, then what comes. */
export function useLines(asked: { query: string; window: Range; everyMs: number | undefined; live: boolean }): Lines {
  const { query, window, everyMs, live } = asked
  // What a tail adds to must not move on below it.
  const began = useRef({ query, window })
  if (!live || began.current.query !== query) began.current = { query, window }
  const answer = useAnswer<LogsAnswer>(
    urlOf('/api/logs', { query, ...began.current.window, limit: FIRST, advice: everyMs === undefined ? 1 : undefined }),
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
    const source = new EventSource(urlOf('/api/tail', { query }))
    let waiting: ShownLine[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      timer = undefined
      const fresh = waiting
      waiting = []
      setExtra((old) => {
        const kept = old.query === query ? old : { ...NOTHING, query }
        const first = latest.current.base
        const seen = new Set([...first.slice(-RECENT), ...kept.newer.slice(-RECENT)].map(keyOf))
        const newer = [...kept.newer, ...fresh.filter((one) => !seen.has(keyOf(one)))]
        return { ...kept, newer: newer.slice(-liveRoom(kept.older, first)) }
      })
    }
    source.addEventListener('lines', ({ data }) => {
      setFault(undefined)
      waiting.push(...shownOf(JSON.parse(data) as LogsAnswer))
      timer ??= setTimeout(flush, GATHER_MS)
    })
    source.addEventListener('fault', ({ data }) => setFault(JSON.parse(data) as Fault))
    return () => {
      source.close()
      clearTimeout(timer)
    }
  }, [query, live])

  const lines = useMemo(() => {
    if (mine.older.length === 0 && mine.newer.length === 0) return base
    // What came live pushes out the oldest, so that nothing is missing in between.
    const room = mine.newer.length > 0 ? liveRoom(mine.older, base) : MOST_LINES
    const all = [...mine.older, ...(live ? [...base, ...mine.newer] : afterTail(base, mine.newer))]
    return all.length > room ? all.slice(-room) : all
  }, [base, mine, live])

  async function loadMore(): Promise<void> {
    setBusy(true)
    try {
      for (let done = false; !done && latest.current.query === query; ) {
        const { base: first, extra: now } = latest.current
        const older = now.query === query ? now.older : []
        const before = (older[0] ?? first[0])?.line.time ?? window.end
        const url = urlOf('/api/logs', { query, start: window.start, end: before, limit: PAGE })
        const page = await fetchAnswer<LogsAnswer>(url)
        const known = new Set([...older.slice(0, PAGE), ...first.slice(0, FIRST)].map(keyOf))
        const fresh = shownOf(page).filter((one) => !known.has(keyOf(one)))
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
    lines,
    fault: answer.fault ?? fault,
    loading: answer.loading || busy,
    more: answer.data?.more === true && !mine.end && lines.length < MOST_LINES,
    loadMore,
    advice: answer.data?.advice,
  }
}

const NOTHING = { query: '', older: [] as ShownLine[], newer: [] as ShownLine[], end: false }
/** Among so many a line that is told twice is known again. */
const RECENT = 2_000
const liveRoom = (older: readonly ShownLine[], base: readonly ShownLine[]) =>
  Math.min(MOST_LINES, Math.max(LIVE_LINES, older.length + base.length))
const EMPTY: readonly ShownLine[] = []

/** A query that was asked again after a tail has its lines too. */
function afterTail(base: readonly ShownLine[], newer: readonly ShownLine[]): readonly ShownLine[] {
  const last = newer.at(-1)
  if (last === undefined) return base
  const known = new Set(newer.map(keyOf))
  const rest = base.filter((one) => !known.has(keyOf(one)))
  const isLater = ({ line }: ShownLine) => line.time > last.line.time
  return [...rest.filter((one) => !isLater(one)), ...newer, ...rest.filter(isLater)]
}

const keyOf = ({ line }: ShownLine) => `${line.ns} ${line.line}`

function shownOf(answer: LogsAnswer | undefined): readonly ShownLine[] {
  if (answer === undefined) return EMPTY
  const none: Labels = {}
  return answer.lines.map((line) => showLine(line, answer.streams[line.stream] ?? none))
}
