import { fieldOf, type LogRow } from '../../backends/loki-streams.ts'
import type { Attributes } from '../../backends/otlp-value.ts'
import { toMillis } from '../../backends/time.ts'
import { errorOf, type SpanNode, spanTree, type Trace, type TraceSpan } from '../../backends/trace.ts'
import type { TraceLogs } from '../../lab/trace-logs.ts'
import { humanDuration } from '../../ui/numbers.ts'
import { type Paint, paint } from '../../ui/paint.ts'
import { renderWaterfall } from '../../ui/waterfall.ts'
import { clip, pad, terminalWidth, widthOf, wrapWords } from '../../ui/width.ts'
import { levelText } from '../query/log-view.ts'
import { fullTime } from '../query/times.ts'
import { valueText } from '../query/trace-list-view.ts'

/** The waterfall, then what failed and why, then the logs on the same clock. */
export function renderTrace(
  trace: Trace,
  logs: TraceLogs,
  options: { attributes?: boolean; paint?: Paint; width?: number; now?: number } = {},
): string {
  const p = options.paint ?? paint()
  const width = options.width ?? terminalWidth()
  const parts = [head(trace, options.now ?? Date.now(), p), waterfall(trace, width, p), failures(trace, p)]
  if (options.attributes) parts.push(...trace.spans.map((span) => detail(span, p)))
  parts.push(logLines(trace, logs, width, p))
  return parts.filter((part) => part !== '').join('\n\n')
}

function head({ traceId, spans }: Trace, now: number, p: Paint): string {
  const services = [...new Set(spans.map(({ resource }) => valueText(resource['service.name'] ?? 'unknown_service')))]
  const run = spans[0]!.resource['otel_lab.run.id']
  const failed = spans.filter(({ status }) => status.code === 'error').length
  const facts = [
    fullTime(toMillis(spans[0]!.startNs), now),
    services.join(', '),
    `${spans.length}\u00a0${spans.length === 1 ? 'span' : 'spans'}`,
    failed === 0 ? '' : p.red(`${failed}\u00a0failed`),
    typeof run === 'string' ? p.dim(`run\u00a0${run}`) : '',
  ]
  return `${p.bold(`Trace ${traceId}`)}  ${facts.filter(Boolean).join(p.dim(' · '))}`
}

function waterfall({ spans }: Trace, width: number, p: Paint): string {
  const origin = spans[0]!.startNs
  const at = (ns: bigint) => Number(ns - origin) / 1e6
  const bars = spans.map(({ spanId, parentSpanId, name, startNs, endNs, status }) => ({
    id: spanId,
    name,
    start: at(startNs),
    end: at(endNs),
    ...(parentSpanId === undefined ? {} : { parent: parentSpanId }),
    error: status.code === 'error',
  }))
  const chart = renderWaterfall(bars, { width, paint: p })
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const orphans = spans.filter(({ parentSpanId }) => parentSpanId !== undefined && !ids.has(parentSpanId)).length
  if (orphans === 0) return chart
  return `${chart}\n${p.yellow(`┄ ${orphans === 1 ? 'A span waits' : `${orphans} spans wait`} for a parent that is not there (yet).`)}`
}

/** Where an error began: a failing span below which nothing failed. The others only pass it on. */
function failures(trace: Trace, p: Paint): string {
  const origins: TraceSpan[] = []
  const failed = (node: SpanNode): boolean => {
    const below = node.children.map(failed).some(Boolean)
    const here = node.span.status.code === 'error'
    if (here && !below) origins.push(node.span)
    return here || below
  }
  spanTree(trace.spans).forEach(failed)
  return origins
    .map((span) => {
      const type = span.attributes['error.type']
      const kind = type === undefined ? '' : p.dim(` (${valueText(type)})`)
      return `${p.red(`✗ ${span.name} failed`)}${kind}: ${errorOf(span) || 'it does not say why'}`
    })
    .join('\n')
}

function detail(span: TraceSpan, p: Paint): string {
  const lines = [`${p.bold(span.name)} ${p.dim(`${span.spanId} ${span.kind}`)}`, ...pairs(span.attributes, '  ', p)]
  for (const { name, timeNs, attributes } of span.events) {
    lines.push(`  ${p.yellow('event')} ${name} ${p.dim(`+${humanDuration(Number(timeNs - span.startNs) / 1e6)}`)}`)
    lines.push(...pairs(attributes, '    ', p))
  }
  return lines.join('\n')
}

const pairs = (attributes: Attributes, margin: string, p: Paint) =>
  Object.entries(attributes).map(
    ([key, value]) => `${margin}${p.dim(key)} ${valueText(value).replaceAll('\n', `\n${margin}  `)}`,
  )

function logLines(trace: Trace, { rows, query, problem }: TraceLogs, width: number, p: Paint): string {
  if (problem !== undefined) return `${p.yellow('Its logs could not be read:')} ${problem}`
  if (rows.length === 0) return p.dim(`No logs of it (yet). → otel-lab query loki '${query}'`)
  const names = new Map(trace.spans.map(({ spanId, name }) => [spanId, name]))
  const spanNames = rows.map((row) => names.get(fieldOf(row, 'span_id') ?? '') ?? '')
  const column = Math.min(20, Math.max(...spanNames.map(widthOf)))
  const lines = rows.map((row, i) => {
    const offset = Number(row.ns - trace.spans[0]!.startNs) / 1e6
    const when = pad(`${offset < 0 ? '-' : '+'}${humanDuration(Math.abs(offset))}`, 10, 'right')
    const name = pad(clip(spanNames[i]!, column), column)
    const { text, rest } = messageOf(row)
    const lead = `${p.dim(when)} ${levelText(row, p)} ${p.cyan(name)} `
    // What does not fit beside its span's name goes below, from the level on.
    const words = Math.max(LEAST_LOG, ...rest.split(' ').map(widthOf))
    const wide = width - widthOf(lead) >= words
    const indent = wide ? widthOf(lead) : 11
    const whole = `${text}${rest ? ` ${rest}` : ''}`
    if (widthOf(lead) + widthOf(whole) <= width) return `${lead}${text}${rest ? ` ${p.dim(rest)}` : ''}`
    const below = wrapWords(rest, width - indent).map((line) => ' '.repeat(indent) + p.dim(line))
    return [lead + text, ...below].join('\n')
  })
  return [p.bold('Logs'), ...lines].join('\n')
}

/** Columns that a log line wants beside its time, level and span. */
const LEAST_LOG = 40

/** Said elsewhere on the line, or the same for the whole trace. */
const KNOWN = new Set(['timestamp', 'time', 'level', 'severity', 'message', 'msg', 'body', 'trace_id', 'span_id'])

/** A structured line as its message and the rest; any other as it is. */
function messageOf(row: LogRow): { text: string; rest: string } {
  try {
    const fields = JSON.parse(row.line) as Record<string, unknown>
    const text = fields.message ?? fields.msg ?? fields.body
    if (typeof text !== 'string') return { text: row.line, rest: '' }
    const rest = Object.entries(fields).filter(([key]) => !KNOWN.has(key))
    return { text, rest: rest.map(([key, v]) => `${key}=${typeof v === 'object' ? JSON.stringify(v) : v}`).join(' ') }
  } catch {
    return { text: row.line, rest: '' }
  }
}
