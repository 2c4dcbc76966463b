import { logRows } from '../backends/loki-streams.ts'
import { toMillis, type Window } from '../backends/time.ts'
import type { Trace } from '../backends/trace.ts'
import type { Backends } from '../backends.ts'
import type { DiagnosisPorts, ObservedRun } from '../diagnosis.ts'
import { type Chain, type ChainStep, queryOf, type Start } from './correlate/chain.ts'
import { culpritOf } from './correlate/culprit.ts'
import { findSpike, type Spike } from './correlate/metric.ts'
import { orNothing, whyNoExemplar, whyNoLogs, whyNoRoot, whyNoTrace, whyNothing } from './correlate/why.ts'
import { took } from './correlate/words.ts'

export interface CorrelateOptions {
  backends: Backends
  /** The lab as a diagnosis looks at it. */
  ports: DiagnosisPorts
  /** The run whose trace this is, or the newest of the window. */
  observed(traceId?: string): Promise<ObservedRun | undefined>
  /** Looks at what this run sent alone. */
  runId?: string
  start: Start
  prefer: 'slow' | 'failing'
  window: Window
  signal?: AbortSignal
}

/**
 * Walks the chain that the lesson draws: from a metric to an exemplar, its trace, the span that failed or was slow, the
 * log lines. It stops where the chain breaks and says why.
 */
export async function correlate(options: CorrelateOptions): Promise<Chain> {
  const chain: Chain = { start: options.start, steps: [] }
  const found = await firstTrace(chain, options)
  if (found === undefined) return chain
  const trace = await orNothing(options.backends.tempo.traceById(found.traceId), undefined)
  if (trace === undefined) {
    chain.broken = await whyNoTrace(found.traceId, options)
    return chain
  }
  chain.trace = trace
  if (options.start !== 'trace') chain.steps.push(traceStep(trace))
  if (!trace.spans.some(({ parentSpanId }) => parentSpanId === undefined)) {
    chain.broken = await whyNoRoot(trace.traceId, options)
    return chain
  }
  const culprit = culpritOf(trace)
  chain.span = culprit.span
  const where = trace.spans.find(({ parentSpanId }) => parentSpanId === undefined)
  chain.steps.push({
    name: 'span',
    question: 'Which span is to blame?',
    found: culprit.said,
    lines: attributesOf(culprit.span),
  })
  const logs = await logsOf(trace, options)
  chain.steps.push(logs.step)
  if (logs.lines.length === 0) chain.broken = await whyNoLogs(trace, options)
  const said = logs.worst ? `; its logs say: ${logs.worst}` : ''
  chain.diagnosis = `${where?.name ?? 'the request'}: ${culprit.said}${said}`
  return chain
}

/** The trace to look at, from wherever the walk begins. */
async function firstTrace(chain: Chain, options: CorrelateOptions): Promise<{ traceId: string } | undefined> {
  if (options.start === 'trace') return byTraceQl(chain, options)
  if (options.start === 'log') return byLog(chain, options)
  const { spike, step, broken } = await findSpike(options.backends, options)
  chain.steps.push(step)
  if (spike === undefined) {
    if (broken) chain.broken = await whyNothing(options, 'metrics', broken)
    return undefined
  }
  return byExemplar(chain, spike, options)
}

async function byExemplar(
  chain: Chain,
  spike: Spike,
  options: CorrelateOptions,
): Promise<{ traceId: string } | undefined> {
  const name = spike.kind === 'slow' ? `${spike.metric}_bucket` : spike.metric
  const selector = `${name}${options.runId === undefined ? '' : `{instance=${JSON.stringify(options.runId)}}`}`
  const series = await orNothing(options.backends.prometheus.exemplars(selector, options.window), [])
  const all = series.flatMap(({ exemplars }) => exemplars).filter(({ labels }) => labels.trace_id)
  // The slowest that an exemplar tells of; of failures the newest.
  const best = all.sort((a, b) => (spike.kind === 'slow' ? b.value - a.value : b.time - a.time))[0]
  const step: ChainStep = {
    name: 'exemplar',
    question: 'Which request was that? An exemplar names its trace.',
    query: { backend: 'prometheus', text: selector, command: exemplarsByHand(options, selector) },
    found: best ? `trace ${best.labels.trace_id}, value ${Number(best.value.toPrecision(3))}` : 'no exemplar',
    lines: [],
  }
  chain.steps.push(step)
  if (best === undefined) {
    chain.broken = await whyNoExemplar(name, options)
    return undefined
  }
  return { traceId: best.labels.trace_id! }
}

/** The query language has no exemplars; the API does. */
function exemplarsByHand({ backends, window }: CorrelateOptions, selector: string): string {
  const data = [
    `query=${selector}`,
    `start=${Math.floor(window.start / 1_000)}`,
    `end=${Math.ceil(window.end / 1_000)}`,
  ]
  const flags = data.map((one) => `--data-urlencode '${one}'`).join(' ')
  return `curl -sG ${backends.prometheus.url}/api/v1/query_exemplars ${flags}`
}

async function byTraceQl(chain: Chain, options: CorrelateOptions): Promise<{ traceId: string } | undefined> {
  const { backends, prefer, window, runId } = options
  const own = runId === undefined ? '' : ` && resource.otel_lab.run.id = ${JSON.stringify(runId)}`
  const ask = async (text: string) => ({
    text,
    found: await orNothing(backends.tempo.search(text, { window, limit: 50 }), []),
  })
  let { text, found } = await ask(prefer === 'failing' ? `{status = error${own}}` : `{duration > 5s${own}}`)
  // Where nothing is as slow as the lesson's, the slowest there is.
  if (found.length === 0 && prefer === 'slow') ({ text, found } = await ask(`{nestedSetParent < 0${own}}`))
  const best = [...found].sort((a, b) => b.durationMs - a.durationMs)[0]
  chain.steps.push({
    name: 'trace',
    question: prefer === 'failing' ? 'Which traces have an error?' : 'Which traces are slow?',
    query: queryOf('tempo', text),
    found: best
      ? `${found.length} found; the slowest: ${best.traceId}, ${best.rootName}, ${took(best.durationMs)}`
      : 'none',
    lines: [],
  })
  if (best) return best
  chain.broken = await whyNothing(options, 'traces', {
    after: 'start',
    message: 'no trace matches',
    why: 'nothing of the kind happened in this window, or the traces do not reach Tempo',
    next:
      prefer === 'failing'
        ? 'otel-lab run stress, then otel-lab correlate trace --failing'
        : 'otel-lab run slow, then otel-lab correlate trace; or otel-lab doctor',
  })
  return undefined
}

async function byLog(chain: Chain, options: CorrelateOptions): Promise<{ traceId: string } | undefined> {
  const { backends, window, runId } = options
  const own = runId === undefined ? '' : ` | otel_lab_run_id=${JSON.stringify(runId)}`
  const text = `{service_name=~".+"}${own} | detected_level=~"error|fatal|critical"`
  const asked = backends.loki.streams(text, window, { limit: 100, direction: 'backward' })
  const rows = logRows(await orNothing(asked, []))
  const withTrace = rows.filter(({ metadata, parsed }) => metadata.trace_id ?? parsed.trace_id)
  const newest = withTrace.at(-1)
  chain.steps.push({
    name: 'logs',
    question: 'Which log lines are errors?',
    query: queryOf('loki', text),
    found: `${rows.length} lines, ${withTrace.length} of them with a trace id`,
    lines: newest ? [newest.line] : [],
  })
  if (newest) return { traceId: (newest.metadata.trace_id ?? newest.parsed.trace_id)! }
  chain.broken =
    rows.length > 0
      ? {
          after: 'logs',
          message: 'the error lines bear no trace id',
          why: 'they were written outside of a span, or the program logs without its trace context',
          next: 'Log inside an active span; see which fields a line has: otel-lab query loki --json',
        }
      : await whyNothing(options, 'logs', {
          after: 'start',
          message: 'there are no error lines',
          why: 'nothing failed in this window, or no logs come',
          next: 'otel-lab run stress, then otel-lab correlate log; or otel-lab doctor',
        })
  return undefined
}

function traceStep(trace: Trace): ChainStep {
  const root = trace.spans.find(({ parentSpanId }) => parentSpanId === undefined)
  return {
    name: 'trace',
    question: 'What did that request do?',
    query: { backend: 'tempo', text: trace.traceId, command: `otel-lab trace ${trace.traceId}` },
    found: `${trace.spans.length} spans${root ? `, ${root.name} took ${took(toMillis(root.endNs) - toMillis(root.startNs))}` : ', its root is not there'}`,
    lines: [],
  }
}

const attributesOf = (span: Trace['spans'][number]) =>
  Object.entries(span.attributes)
    .slice(0, 8)
    .map(([key, value]) => `${key} = ${String(value)}`)

async function logsOf(trace: Trace, { backends }: CorrelateOptions) {
  const service = String(trace.spans[0]?.resource['service.name'] ?? '')
  const selector = service === '' ? '{service_name=~".+"}' : `{service_name=${JSON.stringify(service)}}`
  const text = `${selector} | trace_id=${JSON.stringify(trace.traceId)}`
  const times = trace.spans.flatMap(({ startNs, endNs }) => [toMillis(startNs), toMillis(endNs)])
  const window = { start: Math.min(...times) - 2_000, end: Math.max(...times) + 10_000 }
  const asked = backends.loki.streams(text, window, { limit: 200, direction: 'forward' })
  const rows = logRows(await orNothing(asked, []))
  const severe = rows.filter(({ metadata, labels, parsed }) =>
    /error|fatal|critical|warn/i.test(metadata.detected_level ?? labels.detected_level ?? parsed.level ?? ''),
  )
  const lines = rows.map(({ line }) => messageOf(line))
  const step: ChainStep = {
    name: 'logs',
    question: 'What did it write down?',
    query: queryOf('loki', text),
    found: `${rows.length} ${rows.length === 1 ? 'line' : 'lines'}`,
    lines: lines.slice(0, 12),
  }
  const worst = severe[0] && messageOf(severe[0].line)
  return { step, lines, ...(worst === undefined ? {} : { worst }) }
}

/** The words of a JSON line. */
function messageOf(line: string): string {
  try {
    const { message, level, msg } = JSON.parse(line) as Record<string, unknown>
    const text = message ?? msg
    return typeof text === 'string' ? `${typeof level === 'string' ? `${level}: ` : ''}${text}` : line
  } catch {
    return line
  }
}
