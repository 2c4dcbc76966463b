import type { Row, TraceLayout } from './layout.ts'

/** By depth; spans of one parent that overlap in time go into lanes of their own. */
export function lanesOf({ rows }: TraceLayout): Row[][] {
  const lanes: Row[][] = []
  const ends: number[] = []
  const laneOf = new Map<string, number>()
  for (const row of rows) {
    const above = row.span.parent === undefined ? -1 : (laneOf.get(row.span.parent) ?? -1)
    let lane = above + 1
    while ((ends[lane] ?? Number.NEGATIVE_INFINITY) > row.span.start + 1e-6) lane++
    const list = lanes[lane]
    if (list) list.push(row)
    else lanes[lane] = [row]
    ends[lane] = Math.max(ends[lane] ?? Number.NEGATIVE_INFINITY, row.span.start + row.span.duration)
    laneOf.set(row.span.id, lane)
  }
  return Array.from(lanes, (lane) => lane ?? [])
}

/** Where an arrow key leads from a span: its caller, the first that it called, those beside it. */
export function neighbour({ rows }: TraceLayout, from: Row | undefined, key: string): Row | undefined {
  if (!/^Arrow(Up|Down|Left|Right)$/.test(key)) return undefined
  if (from === undefined) return rows[0]
  const { index, depth, below } = from
  if (key === 'ArrowDown') return below > 0 ? rows[index + 1] : undefined
  if (key === 'ArrowRight') {
    const next = rows[index + below + 1]
    return next?.depth === depth ? next : undefined
  }
  for (let i = index - 1; i >= 0; i--) {
    const row = rows[i]!
    if (row.depth < depth) return key === 'ArrowUp' ? row : undefined
    if (row.depth === depth && key === 'ArrowLeft') return row
  }
  return undefined
}
