import type { Row, TraceLayout } from './layout.ts'

/** Spans of two traces that stand at the same place: by their names from the root down. */
export interface Pair {
  path: string
  name: string
  depth: number
  count: [number, number]
  /** Milliseconds in all, of each trace. */
  total: [number, number]
  failed: [number, number]
}

/** What two traces have alike and where they differ, in the order of the first, then what only the second has. */
export function compareTraces(one: TraceLayout, other: TraceLayout): Pair[] {
  const pairs = new Map<string, Pair>()
  const add = (rows: readonly Row[], side: 0 | 1) => {
    const names: string[] = []
    for (const { span, depth } of rows) {
      names.length = depth
      names.push(span.name)
      const path = names.join('\u0000')
      let pair = pairs.get(path)
      if (pair === undefined) {
        pair = { path, name: span.name, depth, count: [0, 0], total: [0, 0], failed: [0, 0] }
        pairs.set(path, pair)
      }
      pair.count[side]++
      pair.total[side] += span.duration
      if (span.status === 'error') pair.failed[side]++
    }
  }
  add(one.rows, 0)
  add(other.rows, 1)
  return [...pairs.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}
