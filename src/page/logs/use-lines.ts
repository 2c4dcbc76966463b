import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Fault, Labels, LogsAnswer } from '../../page-server/answers.ts'
import { FaultError, fetchAnswer, urlOf, useAnswer } from '../state/answers.ts'
import type { Range } from '../time/scale.ts'
import { type ShownLine, showLine } from './line.ts'

/** What a band holds at most, live or not: the newest stay. */
export const MOST_LINES = 100_000
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
  const answer = useAnswer<LogsAnswer>(
    urlOf('/api/logs', { query, ...window, limit: FIRST, advice: everyMs === undefined ? 1 : undefined }),
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
        const seen = new Set([...latest.current.base, ...kept.newer].slice(-2000).map(keyOf))
        const newer = [...kept.newer, ...fresh.filter((one) => !seen.has(keyOf(one)))]
        return { ...kept, newer: newer.slice(-MOST_LINES) }
      })
    }
    source.addEventListener('lines', ({ data }) => {
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
    return [...mine.older, ...base, ...mine.newer].slice(-MOST_LINES)
  }, [base, mine])

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
const EMPTY: readonly ShownLine[] = []
const keyOf = ({ line }: ShownLine) => `${line.ns} ${line.line}`

function shownOf(answer: LogsAnswer | undefined): readonly ShownLine[] {
  if (answer === undefined) return EMPTY
  const none: Labels = {}
  return answer.lines.map((line) => showLine(line, answer.streams[line.stream] ?? none))
}
