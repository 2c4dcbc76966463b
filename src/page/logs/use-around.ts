import { useMemo, useRef } from 'preact/hooks'
import type { LogsAnswer } from '../../page-server/answers.ts'
import { urlOf, useAnswer } from '../state/answers.ts'
import type { Range } from '../time/scale.ts'
import { indexOfLine, nanosOf, type ShownLine } from './line.ts'
import { EMPTY, shownOf } from './merge.ts'

/** So many before a line, and as many from it on. */
const SIDE = 500

interface Asked {
  query: string
  window: Range
  wanted: string | undefined
}

interface Around {
  /** The query and the moment that they are around. */
  key: string
  ns: string
  lines: readonly ShownLine[]
}

/**
 * What stands before and behind a line that is older than what was loaded. Who goes on from line to line stays among
 * the same ones.
 */
export function useAround({ query, window, wanted }: Asked): { lines?: readonly ShownLine[]; loading: boolean } {
  const centre = useRef<Around | undefined>(undefined)
  const ns = wanted && nanosOf(wanted)
  const isHere =
    ns !== undefined &&
    (centre.current?.key === `${ns} ${query}` ||
      (centre.current?.key.endsWith(` ${query}`) === true && indexOfLine(centre.current.lines, wanted) !== -1))
  if (!isHere) centre.current = ns === undefined ? undefined : { key: `${ns} ${query}`, ns, lines: EMPTY }
  const { key, at } = { key: centre.current?.key, at: millisOf(centre.current?.ns) }
  const inside = at !== undefined && at > window.start && at < window.end
  // The line itself, and all others of its moment, are on the later side.
  const side = (direction: 'backward' | 'forward', edge: Partial<Range>) =>
    inside ? urlOf('/api/logs', { query, ...window, ...edge, limit: SIDE, direction }) : undefined
  const before = useAnswer<LogsAnswer>(side('backward', { end: at! }), undefined, key)
  const behind = useAnswer<LogsAnswer>(side('forward', { start: at! }), undefined, key)
  const lines = useMemo(() => {
    if (!before.data || !behind.data) return undefined
    const later = shownOf(behind.data)
    const known = new Set(later.map((one) => one.key))
    return [...shownOf(before.data).filter((one) => !known.has(one.key)), ...later]
  }, [before.data, behind.data])
  const loading = before.loading || behind.loading
  if (!centre.current || !lines) return { loading }
  centre.current.lines = lines
  return { lines, loading }
}

const millisOf = (ns: string | undefined) =>
  ns === undefined ? undefined : Number(ns.slice(0, -6)) + Number(ns.slice(-6)) / 1e6
