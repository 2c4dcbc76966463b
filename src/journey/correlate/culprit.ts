import { toMillis } from '../../backends/time.ts'
import { errorOf, type SpanNode, spanTree, type Trace, type TraceSpan } from '../../backends/trace.ts'
import { took } from './words.ts'

export interface Culprit {
  span: TraceSpan
  why: 'failed' | 'slow'
  /** In words, why it is this one. */
  said: string
}

/** The span to look at: the innermost that failed, else the one that took most of the time by itself. */
export function culpritOf(trace: Trace): Culprit {
  const nodes = flat(spanTree(trace.spans))
  const failed = nodes.filter(({ span }) => span.status.code === 'error')
  const innermost = failed.filter(({ children }) => !children.some((child) => child.span.status.code === 'error'))
  const first = innermost[0]
  if (first) {
    const message = errorOf(first.span)
    return { span: first.span, why: 'failed', said: `${first.span.name} failed${message === '' ? '' : `: ${message}`}` }
  }
  const all = Math.max(...trace.spans.map(durationOf))
  const own = nodes.map((node) => ({ node, ms: selfTime(node) })).sort((x, y) => y.ms - x.ms)[0]!
  const share = all > 0 ? Math.round((100 * own.ms) / all) : 0
  return {
    span: own.node.span,
    why: 'slow',
    said: `${own.node.span.name} took ${took(own.ms)} by itself, ${share} % of ${took(all)}`,
  }
}

const durationOf = ({ startNs, endNs }: TraceSpan) => toMillis(endNs) - toMillis(startNs)

function flat(nodes: readonly SpanNode[]): SpanNode[] {
  return nodes.flatMap((node) => [node, ...flat(node.children)])
}

/** A span's time without that of its children, which may overlap. In milliseconds. */
function selfTime({ span, children }: SpanNode): number {
  const parts = children.map((child) => [toMillis(child.span.startNs), toMillis(child.span.endNs)] as const)
  parts.sort((a, b) => a[0] - b[0])
  let covered = 0
  let until = toMillis(span.startNs)
  for (const [start, end] of parts) {
    const from = Math.max(start, until)
    const to = Math.min(end, toMillis(span.endNs))
    if (to <= from) continue
    covered += to - from
    until = to
  }
  return durationOf(span) - covered
}
