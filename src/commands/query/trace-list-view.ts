import type { AttributeValue } from '../../backends/otlp-value.ts'
import type { FoundTrace } from '../../backends/tempo-answers.ts'
import { toMillis } from '../../backends/time.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { tableParts } from '../../ui/table.ts'
import { fullTime } from './times.ts'

/** A row for each trace, newest first; below it the spans' attributes that the query selected. */
export function renderTraces(traces: readonly FoundTrace[], now: number, p: Paint = paint()): string {
  const newest = [...traces].sort((a, b) => (a.startNs < b.startNs ? 1 : -1))
  const rows = newest.map((trace) => {
    const stats = Object.values(trace.services)
    const spans = stats.reduce((sum, { spanCount }) => sum + spanCount, 0)
    const errors = stats.reduce((sum, { errorCount }) => sum + errorCount, 0)
    return [
      p.cyan(trace.traceId),
      fullTime(toMillis(trace.startNs), now),
      trace.rootService,
      trace.rootName,
      humanDuration(trace.durationMs),
      spans === 0 ? String(trace.matched) : `${trace.matched} of ${spans}`,
      errors === 0 ? '' : p.red(`${errors} failed`),
    ]
  })
  const columns = ['TRACE', 'START', 'SERVICE', 'ROOT', { title: 'TOOK', align: 'right' as const }, 'SPANS', '']
  const { head, body } = tableParts(columns, rows, { paint: p })
  return [...head, ...body.flatMap((row, i) => [row, ...selected(newest[i]!, p)])].join('\n')
}

function selected(trace: FoundTrace, p: Paint): string[] {
  return trace.spans
    .filter(({ attributes }) => Object.keys(attributes).length > 0)
    .map(({ spanId, name, attributes }) => {
      const pairs = Object.entries(attributes).map(([key, value]) => `${key}=${valueText(value)}`)
      return `  ${p.dim(spanId)} ${name ?? ''} ${p.dim(pairs.join(' '))}`
    })
}

export const valueText = (value: AttributeValue): string =>
  typeof value === 'object' && value !== null
    ? JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v))
    : String(value)
