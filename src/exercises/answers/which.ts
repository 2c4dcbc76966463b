import type { TraceSpan } from '../../backends/trace.ts'
import { word } from '../format/words.ts'

export const Which = word(
  ['failing', 'slowest', 'named'],
  'failing: an error with none below it; slowest: what took longest of those with nothing below; named: of that name',
)

/** Spans that took nearly as long as the longest are right too: nobody reads a picture to the millisecond. */
export const NEARLY = 0.95

/** The spans of a trace that are meant. */
export function meant(spans: readonly TraceSpan[], which: 'failing' | 'slowest' | 'named', name?: string): TraceSpan[] {
  if (which === 'named') return spans.filter((span) => span.name === name)
  if (which === 'failing') {
    const errors = spans.filter(({ status }) => status.code === 'error')
    return errors.filter(({ spanId }) => !errors.some(({ parentSpanId }) => parentSpanId === spanId))
  }
  const leaves = spans.filter(({ spanId }) => !spans.some(({ parentSpanId }) => parentSpanId === spanId))
  const longest = Math.max(...leaves.map((span) => lengthOf([span])))
  return leaves.filter((span) => lengthOf([span]) >= longest * NEARLY)
}

/** From the first start to the last end, in nanoseconds. */
export function lengthOf(spans: readonly TraceSpan[]): number {
  const [first] = spans
  return first ? Math.max(...spans.map(({ endNs }) => Number(endNs - first.startNs))) : 0
}
