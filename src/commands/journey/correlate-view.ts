import { toMillis } from '../../backends/time.ts'
import type { Chain } from '../../journey.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderWaterfall } from '../../ui/waterfall.ts'
import { terminalWidth } from '../../ui/width.ts'

/** Each step with what was asked and found; the trace drawn where it comes in; then what it comes to. */
export function renderChain(chain: Chain, p: Paint = paint()): string {
  const out: string[] = []
  chain.steps.forEach((step, i) => {
    if (i > 0) out.push('')
    out.push(p.bold(`${i + 1}. ${step.question}`))
    if (step.query) out.push(p.dim(step.query.command))
    out.push(`   ${step.found}`)
    if (step.name === 'span') out.push(...waterfall(chain, p))
    out.push(...step.lines.map((line) => p.dim(`   ${line}`)))
  })
  if (chain.broken) {
    const { message, why, next } = chain.broken
    out.push('', p.red(`✗ The chain breaks here: ${message}`), `  Why: ${why}`, `  → ${next}`)
  }
  if (chain.diagnosis) out.push('', p.bold('What it comes to'), chain.diagnosis)
  return out.join('\n')
}

function waterfall({ trace, span }: Chain, p: Paint): string[] {
  if (trace === undefined) return []
  const spans = trace.spans.slice(0, 40).map((one) => ({
    id: one.spanId,
    name: one.name,
    start: toMillis(one.startNs),
    end: toMillis(one.endNs),
    ...(one.parentSpanId === undefined ? {} : { parent: one.parentSpanId }),
    error: one.status.code === 'error' || one.spanId === span?.spanId,
  }))
  return [renderWaterfall(spans, { width: terminalWidth() - 2, paint: p })]
}
