import type { Row, TraceLayout } from './layout.ts'

/** Spans of two traces that stand at the same place: by their names from the root down. */
export interface Pair {
  name: string
  depth: number
  count: [number, number]
  /** Milliseconds in all, of each trace. */
  total: [number, number]
  failed: [number, number]
  /** The first of them in the first trace. */
  span?: string
}

interface Node extends Pair {
  below: Map<string, Node>
}

/** What two traces have alike and where they differ, in the order of the first, then what only the second has. */
export function compareTraces(one: TraceLayout, other: TraceLayout): Pair[] {
  const roots = new Map<string, Node>()
  const add = (rows: readonly Row[], side: 0 | 1) => {
    const path: Node[] = []
    for (const { span, depth } of rows) {
      path.length = depth
      const siblings = path.at(-1)?.below ?? roots
      let node = siblings.get(span.name)
      if (node === undefined) {
        node = { name: span.name, depth, count: [0, 0], total: [0, 0], failed: [0, 0], below: new Map() }
        siblings.set(span.name, node)
      }
      if (side === 0) node.span ??= span.id
      node.count[side]++
      node.total[side] += Math.max(0, span.duration)
      if (span.status === 'error') node.failed[side]++
      path.push(node)
    }
  }
  add(one.rows, 0)
  add(other.rows, 1)
  const pairs: Pair[] = []
  // Traces may be ten thousand spans deep: no recursion.
  const open = [...roots.values()].reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    pairs.push(next)
    open.push(...[...next.below.values()].reverse())
  }
  return pairs
}
