import { Type } from '@sinclair/typebox'
import { defineCheck, type SpecOf } from '../check-kind.ts'
import { type CheckContext, callOf, windowOf } from '../context.ts'
import { word } from '../format/words.ts'
import { ask, byHand } from '../query.ts'
import { ownTrace, traceIdsOf } from '../traces.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { cannotCome, notThere } from './not-there.ts'
import { runningConfig } from './running-config.ts'

const parameters = {
  metric: Type.Optional(
    Type.String({ description: 'PromQL whose exemplars name a trace; it names this attempt by ${run}' }),
  ),
  log: Type.Optional(
    Type.String({ description: 'LogQL whose lines carry its trace_id; it names this attempt by ${run}' }),
  ),
  trace: Type.Optional(word(['any', 'error'], 'Tempo has the trace; with error, one in which a span failed')),
}
type Spec = SpecOf<typeof parameters>
type Link = 'metric' | 'log' | 'trace'

/** One trace id of this attempt in every signal that is named. */
export const correlation = defineCheck({
  name: 'correlation',
  about: 'One trace id of this run in several signals: exemplar, log line, trace',
  parameters,
  words: {
    expected: 'the same trace id in each of the signals',
    why: 'The stores do not know each other; the id in all of them is the only tie',
  },
  lint: ({ metric, log, trace }) => [
    ...(metric === undefined && log === undefined && trace === undefined
      ? ['name at least one of metric, log, trace']
      : []),
    ...[metric, log].flatMap((query) =>
      query === undefined || query.includes('${run}') ? [] : [`the query must name this attempt by \${run}: ${query}`],
    ),
  ],
  async run(context, spec) {
    const { lab } = context
    const last: Link = spec.trace ? 'trace' : spec.log ? 'log' : 'metric'
    const signal = spec.metric !== undefined ? 'metrics' : last === 'log' ? 'logs' : 'trace-by-id'
    let state = await look(context, spec)
    const found = await waitFor(
      lab,
      { signal, what: 'one trace id in all of them' },
      async () => {
        state = await look(context, spec)
        return state.shared[0] ?? (state.final ? '' : undefined)
      },
      () => cannotCome(context, { metric: 'metrics', log: 'logs', trace: 'traces' }[state.missing ?? last] as never),
    )
    const query = queryFor(last, spec, found || state.exemplars?.[0] || '<id>')
    if (found) return pass(`${inWords(spec)} trace ${found}`, { query, traceId: found })
    return explain(context, spec, state, query)
  },
})

interface State {
  shared: string[]
  /** Trace ids in each; undefined where it was not asked for. */
  exemplars?: string[]
  logged?: string[]
  traced?: string[]
  metricCame: boolean
  logsCame: boolean
  tracesCame: boolean
  missing?: Link
  /** More time changes nothing. */
  final: boolean
}

async function look(context: CheckContext, { metric, log, trace }: Spec): Promise<State> {
  const { lab } = context
  const own = new Set(await traceIdsOf(context))
  const [samples, lines] = await Promise.all([
    metric === undefined ? [] : ask(context, 'promql', metric),
    log === undefined ? undefined : ask(context, 'logql', log),
  ])
  // After the metric: a scrape between the two questions must not make it look as if it had come without one.
  const exemplars =
    metric === undefined ? undefined : await lab.backends.prometheus.exemplars(metric, windowOf(context), callOf(lab))
  const named = exemplars && [
    ...new Set(exemplars.flatMap((one) => one.exemplars.map(({ labels }) => labels.trace_id ?? '')).filter(Boolean)),
  ]
  const logged = lines && [...new Set(lines.flatMap(({ traceId }) => traceId ?? []))]
  const both = (named ?? logged ?? [...own]).filter((id) => own.has(id) && (logged?.includes(id) ?? true))
  const traced: string[] = []
  let tracesCame = false
  if (trace !== undefined) {
    for (const id of both.length > 0 ? both : own) {
      const there = await ownTrace(context, id)
      tracesCame ||= there !== undefined
      if (there && (trace === 'any' || there.spans.some(({ status }) => status.code === 'error'))) traced.push(id)
    }
  }
  const shared = trace === undefined ? both : both.filter((id) => traced.includes(id))
  const metricCame = samples.some(({ value }) => (value ?? 0) > 0)
  const missing: Link | undefined =
    metric !== undefined && !metricCame
      ? 'metric'
      : log !== undefined && lines!.length === 0
        ? 'log'
        : tracesCame
          ? undefined
          : 'trace'
  return {
    shared,
    ...(named ? { exemplars: named } : {}),
    ...(logged ? { logged } : {}),
    traced,
    metricCame,
    logsCame: (lines?.length ?? 0) > 0,
    tracesCame,
    ...(missing ? { missing } : {}),
    // A metric that has come without its exemplar will not get it later.
    final: metric !== undefined && metricCame && named!.length === 0,
  }
}

async function explain(context: CheckContext, spec: Spec, state: State, query: string): Promise<Outcome> {
  const own = context.attempt.traces
  if (spec.metric !== undefined) {
    if (!state.metricCame) return { ...(await notThere(context, 'metrics', 'the metric of this run')), query }
    if (state.exemplars!.length === 0) {
      return fail('no-exemplar', 'the metric is there, but with no exemplar on it', {
        ...((await dropsExemplars(context)) ?? NO_SPAN),
        query,
      })
    }
    if (own.length > 0 && !state.exemplars!.some((id) => own.includes(id)))
      return fail('other-trace', `the exemplar names trace ${state.exemplars![0]}, which this run did not make`, {
        query,
      })
  }
  if (spec.log !== undefined) {
    if (!state.logsCame) return { ...(await notThere(context, 'logs', 'such a log line of this run')), query }
    if (state.logged!.length === 0) {
      return fail('no-trace-id', 'there are such lines of this run, but none carries a trace id', {
        why: 'A log without it cannot be tied to its trace, only guessed by the time',
        next: byHand('logql', spec.log),
        query,
      })
    }
    if (spec.trace === undefined || !state.tracesCame)
      return spec.trace === undefined
        ? fail('other-trace', `the lines carry other traces than ${state.exemplars?.[0] ?? 'those of this run'}`, {
            query,
          })
        : { ...(await notThere(context, 'traces', 'the trace of that id')), query }
  }
  if (!state.tracesCame) return { ...(await notThere(context, 'traces', 'the trace of that id')), query }
  return spec.trace === 'error' && state.traced!.length === 0
    ? fail('no-error-span', 'Tempo has the traces, but no span in them has failed', { query })
    : fail('other-trace', 'no trace id is in all of them', { query })
}

/** An exporter that leaves exemplars out, of what the collector runs with. */
async function dropsExemplars({ lab }: CheckContext) {
  const config = await runningConfig(lab)
  const exporters = [...(config?.exporters.values() ?? [])].filter(({ type }) => type === 'prometheus')
  const plain = exporters.find(({ settings }) => settings.enable_open_metrics !== true)
  if (config !== undefined && plain === undefined) return undefined
  return {
    why: 'Exemplars exist only in the OpenMetrics format; in the older text format they are left out',
    next: `otel-lab config patch --set exporters.${plain?.id ?? 'prometheus'}.enable_open_metrics=true`,
  }
}

const NO_SPAN = {
  why: 'Who measures makes it: an SDK, of what is measured while a sampled span is current; span_metrics, where its exemplars are enabled',
  next: 'Measure inside of the span that it is about, or enable the exemplars where the metric is made; then check again',
}

function queryFor(last: Link, { metric, log }: Spec, id: string): string {
  if (last === 'trace') return `otel-lab trace ${id}`
  return last === 'log'
    ? byHand('logql', `${log} | trace_id="${id}"`)
    : `otel-lab query prometheus --exemplars '${metric}'`
}

function inWords({ metric, log, trace }: Spec): string {
  const names = [metric && 'an exemplar', log && 'a log line', trace && 'Tempo'].filter(Boolean)
  if (names.length === 1) return trace ? 'Tempo has' : `${names[0]} names`
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} have the same`
}
