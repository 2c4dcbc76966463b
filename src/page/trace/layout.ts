import type { Span, TraceAnswer } from '../../page-server/answers.ts'

export interface Row {
  span: Span
  index: number
  depth: number
  /** How many spans hang below, at any depth. */
  below: number
  /** Its parent has not come. */
  orphan: boolean
}

/** A stretch of the critical path, in milliseconds after the trace's start. */
export interface Stretch {
  span: Span
  start: number
  end: number
}

export interface TraceLayout {
  rows: Row[]
  byId: Map<string, Row>
  children: Map<Span, Span[]>
  /** Milliseconds from the first start to the last end. */
  length: number
  errors: Row[]
  critical: Stretch[]
}

/** The order in which a waterfall shows spans: each under its parent, by start. A cycle loses no span. */
export function layoutTrace(trace: TraceAnswer): TraceLayout {
  const { spans } = trace
  const known = new Set(spans.map(({ id }) => id))
  const waiting = new Map<string, Span[]>()
  for (const span of spans) {
    if (span.parent === undefined || !known.has(span.parent) || span.parent === span.id) continue
    const list = waiting.get(span.parent)
    if (list) list.push(span)
    else waiting.set(span.parent, [span])
  }
  const rows: Row[] = []
  const parents: (Row | undefined)[] = []
  const children = new Map<Span, Span[]>()
  const placed = new Set<Span>()
  const grow = (root: Span, orphan: boolean) => {
    const open = [{ span: root, depth: 0, orphan }]
    const ancestors: Row[] = []
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (placed.has(next.span)) continue
      placed.add(next.span)
      const row: Row = { span: next.span, index: rows.length, depth: next.depth, below: 0, orphan: next.orphan }
      ancestors.length = next.depth
      ancestors.push(row)
      rows.push(row)
      parents.push(ancestors.at(-2))
      const below = (waiting.get(next.span.id) ?? []).filter((one) => !placed.has(one))
      children.set(next.span, below)
      for (const child of below.toReversed()) open.push({ span: child, depth: next.depth + 1, orphan: false })
    }
  }
  for (const span of spans) {
    const isRoot = span.parent === undefined || !known.has(span.parent)
    if (isRoot) grow(span, span.parent !== undefined)
  }
  for (const span of spans) if (!placed.has(span)) grow(span, true)

  // From the bottom up, so that each is counted once however deep it hangs.
  for (let i = rows.length - 1; i >= 0; i--) {
    const parent = parents[i]
    if (parent) parent.below += 1 + rows[i]!.below
  }

  const length = spans.reduce((most, { start, duration }) => Math.max(most, start + duration), 0)
  return {
    rows,
    byId: new Map(rows.map((row) => [row.span.id, row])),
    children,
    length,
    errors: rows.filter(({ span }) => span.status === 'error'),
    critical: rows.length > 0 ? criticalPath(rows[0]!.span, children) : [],
  }
}

/** Many a clock knows whole milliseconds only. */
const CLOCK_MS = 1

/** What the end waited for: from the last end backwards, always the child that ended last before there. */
export function criticalPath(root: Span, children: Map<Span, Span[]>): Stretch[] {
  const path: Stretch[] = []
  const open = [{ span: root, until: root.start + root.duration }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { span } = next
    let at = next.until
    const below = [...(children.get(span) ?? [])].sort((a, b) => endOf(b) - endOf(a))
    const floor = span.start
    const slack = Math.max(CLOCK_MS, span.duration * 0.02)
    for (const child of below) {
      const end = Math.min(endOf(child), at)
      // What goes on after its parent's end holds nobody up; clocks that differ a little only make it look so.
      if (endOf(child) > at + slack || child.start < floor - slack || end <= floor || child.start >= at) continue
      if (at > end) path.push({ span, start: end, end: at })
      open.push({ span: child, until: end })
      at = Math.max(floor, child.start)
    }
    if (at > floor) path.push({ span, start: floor, end: at })
  }
  return path.sort((a, b) => a.start - b.start)
}

const endOf = ({ start, duration }: Span) => start + duration

/** The rows that are seen when some are folded. */
export function unfolded(rows: readonly Row[], folded: ReadonlySet<string>): Row[] {
  if (folded.size === 0) return [...rows]
  const seen: Row[] = []
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!
    seen.push(row)
    if (folded.has(row.span.id)) i += row.below
  }
  return seen
}

/** Time that a span spent itself, not in what it called. */
export function selfTime(span: Span, children: readonly Span[]): number {
  let covered = 0
  let until = span.start
  for (const child of [...children].sort((a, b) => a.start - b.start)) {
    const start = Math.max(until, child.start)
    const end = Math.min(endOf(child), endOf(span))
    if (end > start) covered += end - start
    until = Math.max(until, end)
  }
  return Math.max(0, span.duration - covered)
}
